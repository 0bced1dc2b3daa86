import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { Etcd3 } from "etcd3";
import { systemClock } from "../../lib/clock/system-clock.js";
import { until } from "../../lib/coordination/coordination-suite.js";
import { LeaseLost } from "../../lib/coordination/coordinator.js";
import type { EtcdCoordinator } from "../../lib/coordination/etcd/etcd-coordinator.js";
import { Recorder } from "../../lib/coordination/recorder.js";
import { Registration } from "../../lib/coordination/registration.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { dataFolder, freshPrefix, isPassing, needsEtcd, openEtcd, untilAnswered } from "./etcd-stage.js";
import { StallingProxy } from "./stalling-proxy.js";

const passing = { advance: (ms: number) => wait(ms) };
const put = (key: string, value: string) => ({ put: [{ key, value }] });

describe("EtcdCoordinator in trouble", function () {
  this.timeout(60_000);
  needsEtcd();
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let server: EtcdServer;
  let proxy: StallingProxy;
  let prefix: string;
  /** Through the proxy, and past it, with the same keys. */
  let far: EtcdCoordinator;
  let near: EtcdCoordinator;
  before(async () => {
    folder = await dataFolder();
    server = await EtcdServer.alone(folder.path);
    await server.start();
  });
  beforeEach(async () => {
    proxy = new StallingProxy(Number(new URL(server.url).port));
    prefix = freshPrefix();
    far = openEtcd([await proxy.open()], { prefix });
    near = openEtcd([server.url], { prefix });
  });
  afterEach(async () => {
    await Promise.all([far.close(), near.close()]);
    await proxy.close();
  });
  after(async () => {
    await server?.stop();
    await folder?.remove();
  });

  it("says that etcd is gone, and goes on with a snapshot once it is back", async () => {
    await near.transact(put("a", "1"));
    const recorder = new Recorder(near, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot a=1"]));
    await server.kill();
    const calls = [near.read(""), near.transact(put("a", "x")), near.grantLease(5000)];
    await Promise.all(calls.map((call) => assert.rejects(call, isPassing)));
    await server.start();
    await until(passing, () => assert.equal(recorder.words.at(-1), "snapshot a=1"));
    await near.transact(put("a", "2"));
    // The connection may break once more, as it was made before etcd was back: then it is a snapshot again.
    await until(passing, () => assert.match(recorder.words.at(-1) ?? "", /^(put|snapshot) a=2$/));
  });

  it("misses nothing when what happened while it was cut off was compacted away", async () => {
    await near.transact(put("a", "1"));
    const recorder = new Recorder(far, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot a=1"]));
    proxy.cut();
    await near.transact({ ...put("b", "2"), remove: ["a"] });
    const revision = await near.transact(put("b", "3"));
    await compact(server.url, revision!);
    proxy.flow();
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot a=1", "snapshot b=3"]));
    await near.transact(put("b", "4"));
    await until(passing, () => assert.equal(recorder.words.at(-1), "put b=4"));
  });

  it("notices that a watch is silent, although nothing broke, and begins it anew", async () => {
    const recorder = new Recorder(far, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot"]));
    proxy.strand();
    await near.transact(put("a", "1"));
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot", "snapshot a=1"]));
  });

  it("tells what came late after a stall that was shorter than its patience only once", async () => {
    const recorder = new Recorder(far, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot"]));
    proxy.stall("back");
    for (const value of ["1", "2", "3"]) await near.transact(put("a", value));
    proxy.flow();
    await until(passing, () => assert.deepEqual(recorder.words.at(-1), "put a=3"));
    assert.deepEqual(recorder.words, ["snapshot", "put a=1", "put a=2", "put a=3"]);
  });

  it("may have committed although no answer came: nobody else is asked, its conditions tell", async () => {
    const claim = { when: [{ key: "a", revision: 0 }], ...put("a", "mine") };
    const endpoints = [await proxy.open(), server.url];
    const both = openEtcd(endpoints, { prefix }, { random: () => 0 });
    await both.read("");
    proxy.stall("back");
    await assert.rejects(both.transact(claim), { code: "deadline_exceeded" });
    assert.equal((await near.read("a"))[0]?.value, "mine");
    assert.equal(await both.transact(claim), undefined);
    await both.close();
  });

  it("takes no silence for the loss of a lease, until etcd says that it ended", async () => {
    const lease = await far.grantLease(2000);
    await far.transact({ put: [{ key: "a", value: "1", lease }] });
    await lease.keepAlive();
    const recorder = new Recorder(near, "a");
    proxy.strand();
    await assert.rejects(lease.keepAlive(), isPassing);
    await until(passing, () => assert.equal(recorder.words.at(-1), "removed a"));
    await assert.rejects(
      untilAnswered(() => lease.keepAlive()),
      LeaseLost,
    );
  });

  it("ends a registration whose server hung for longer than its lease, once it wakes up", async () => {
    let lost = 0;
    const registration = new Registration({
      ...{ clock: systemClock, coordinator: far, entry: { key: "a", value: "1" } },
      mayReplace: () => true,
      onLost: () => lost++,
    });
    await registration.start();
    const recorder = new Recorder(near, "a");
    proxy.stall("there", "back");
    await until(passing, () => assert.equal(recorder.words.at(-1), "removed a"));
    assert.equal(lost, 0);
    proxy.cut();
    proxy.flow();
    await until(passing, () => assert.equal(lost, 1));
    await registration.close();
  });

  it("gives up on an etcd that hangs, and goes on when it wakes up", async () => {
    const recorder = new Recorder(near, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot"]));
    server.pause();
    try {
      await assert.rejects(near.transact(put("a", "1")), isPassing);
      await assert.rejects(near.read(""), isPassing);
    } finally {
      server.resume();
    }
    await untilAnswered(() => near.transact(put("b", "1")));
    const entries = await near.read("");
    await until(passing, () => assert.deepEqual(recorder.entries(), entries));
  });

  it("tells operators once that etcd is silent, and once that it answers again", async () => {
    const words: string[] = [];
    const note = (level: string) => () => void words.push(level);
    const log = { debug() {}, info: note("info"), warn: note("warn"), error: note("error") };
    const watching = openEtcd([await proxy.open()], { prefix }, { log });
    const recorders = ["a", "b"].map((below) => new Recorder(watching, below));
    await until(passing, () => assert(recorders.every((recorder) => recorder.words.length > 0)));
    proxy.stall("back");
    await until(passing, () => assert.deepEqual(words, ["warn"]));
    proxy.cut();
    proxy.flow();
    await until(passing, () => assert.deepEqual(words, ["warn", "info"]));
    await watching.close();
  });

  it("is closed in the midst of everything without a word to its watchers", async () => {
    const recorder = new Recorder(far, "");
    await until(passing, () => assert.deepEqual(recorder.words, ["snapshot"]));
    proxy.stall("back");
    const pending = assert.rejects(far.read(""), ConfabError);
    await near.transact(put("a", "1"));
    await far.close();
    await far.close();
    proxy.flow();
    proxy.cut();
    await pending;
    await assert.rejects(far.read(""), { code: "unavailable" });
    assert.deepEqual(recorder.words, ["snapshot"]);
  });
});

async function compact(url: string, revision: number): Promise<void> {
  const client = new Etcd3({ hosts: url });
  await client.kv.compact({ revision: String(revision), physical: true });
  client.close();
}
