import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { Etcd3 } from "etcd3";
import { until } from "../../lib/coordination/coordination-suite.js";
import type { EtcdCoordinator } from "../../lib/coordination/etcd/etcd-coordinator.js";
import { Recorder } from "../../lib/coordination/recorder.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { EtcdCluster } from "../../tools/components/etcd/cluster.js";
import type { EtcdServer } from "../../tools/components/etcd/server.js";
import { dataFolder, isPassing, needsEtcd, openEtcd, untilAnswered } from "./etcd-stage.js";

const passing = { advance: (ms: number) => wait(ms) };

describe("EtcdCoordinator over three members", function () {
  this.timeout(60_000);
  needsEtcd();
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let cluster: EtcdCluster;
  let coordinator: EtcdCoordinator;
  let recorder: Recorder;
  let count = 0;
  /** Why the watch was interrupted. */
  let interruptions: string[];
  const note = (details: object) => interruptions.push("why" in details ? String(details.why) : "");
  before(async () => {
    folder = await dataFolder();
    cluster = await EtcdCluster.create(folder.path);
    await cluster.start();
  });
  beforeEach(async () => {
    // It begins with the first member.
    interruptions = [];
    const log = { debug: note, info() {}, warn() {}, error() {} };
    coordinator = openEtcd(cluster.urls, {}, { random: () => 0, log });
    recorder = new Recorder(coordinator, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot"]));
  });
  afterEach(() => coordinator.close());
  after(async () => {
    await cluster?.stop();
    await folder?.remove();
  });

  /**
   * Writes until something is known to be written, and sees that the watch hears it. What a member that hung
   * was asked for may still be done when it wakes up: so only what was read is replaced.
   */
  const writeAndHear = async () => {
    const value = String(++count);
    await untilAnswered(async () => {
      const [found] = await coordinator.read("a");
      if (found?.value === value) return;
      const when = [{ key: "a", revision: found?.revision ?? 0 }];
      const done = await coordinator.transact({ when, put: [{ key: "a", value }] });
      if (done === undefined) throw new ConfabError("unavailable", "", "it changed meanwhile");
    });
    const entries = await coordinator.read("");
    assert.equal(entries[0]?.value, value);
    await until(passing, () => assert.deepEqual(recorder.entries(), entries));
  };

  it("goes on when the member in use is killed, and when another is once that is back", async () => {
    const [first, second] = cluster.members as [EtcdServer, EtcdServer];
    await writeAndHear();
    await first.kill();
    await writeAndHear();
    await first.start();
    await second.kill();
    await writeAndHear();
    await second.start();
  });

  it("goes on when the leader is killed", async () => {
    const leader = await leaderOf(cluster);
    await writeAndHear();
    await leader.kill();
    await writeAndHear();
    await leader.start();
  });

  it("goes on when the member in use hangs, and when it wakes up", async () => {
    const [first] = cluster.members as [EtcdServer];
    await writeAndHear();
    first.pause();
    try {
      await writeAndHear();
    } finally {
      first.resume();
    }
    await writeAndHear();
  });

  it("keeps a lease through the loss of a member", async () => {
    const lease = await coordinator.grantLease(5000);
    await coordinator.transact({ put: [{ key: "a", value: "leased", lease }] });
    const leader = await leaderOf(cluster);
    await leader.kill();
    await untilAnswered(() => lease.keepAlive());
    assert.equal((await coordinator.read("a"))[0]?.value, "leased");
    await leader.start();
    await lease.revoke();
  });

  it("refuses with a name while there is no quorum, and goes on once there is", async () => {
    const [, second, third] = cluster.members as [EtcdServer, EtcdServer, EtcdServer];
    await writeAndHear();
    await Promise.all([second.kill(), third.kill()]);
    const calls = [
      coordinator.transact({ put: [{ key: "b", value: "" }] }),
      coordinator.read(""),
      coordinator.grantLease(5000),
    ];
    await Promise.all(calls.map((call) => assert.rejects(call, isPassing)));
    await until(passing, () => assert.match(interruptions.join(), /no leader/));
    const heard = recorder.words.length;
    for (const member of [second, third]) member.launch();
    await Promise.all(cluster.members.map((member) => member.ready()));
    await writeAndHear();
    assert(
      recorder.words.slice(heard).some((word) => word.startsWith("snapshot")),
      recorder.words.join(", "),
    );
  });
});

/** The member that leads the others. */
async function leaderOf(cluster: EtcdCluster): Promise<EtcdServer> {
  for (;;) {
    for (const member of cluster.members) {
      const client = new Etcd3({ hosts: member.url });
      const { header, leader } = await client.maintenance.status();
      client.close();
      if (header.member_id === leader) return member;
    }
    await wait(50);
  }
}
