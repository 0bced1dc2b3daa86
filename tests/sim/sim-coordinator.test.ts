import assert from "node:assert/strict";
import { SimCoordinator } from "./sim-coordinator.js";
import { SimEtcd } from "./sim-etcd.js";
import { World } from "./world.js";

function setUp(seed: number) {
  const world = new World(seed);
  const etcd = new SimEtcd(world);
  const [a, b] = [world.start("a"), world.start("b")];
  const run = (ms: number) => world.scheduler.runUntil(world.scheduler.now + ms);
  const log: string[] = [];
  const watcher = {
    snapshot: (entries: readonly { key: string; value: string }[]) =>
      log.push(`all ${entries.map(({ key, value }) => `${key}=${value}`)}`),
    changed: (puts: readonly { key: string; value: string }[], removed: readonly string[]) =>
      log.push(`${puts.map(({ key, value }) => `${key}=${value}`)} -${removed}`),
  };
  const parts = {
    etcd,
    shared: etcd.data,
    one: new SimCoordinator(a, etcd),
    other: new SimCoordinator(b, etcd),
  };
  return { world, a, b, run, log, watcher, ...parts };
}

describe("a simulated coordinator", () => {
  it("answers late and tells of changes in their order", async () => {
    const { one, other, run, log, watcher } = setUp(1);
    other.watch("k", watcher);
    await run(20);
    for (let i = 1; i <= 20; i++) {
      const done = one.transact({ put: [{ key: "k", value: `${i}` }] });
      await run(10);
      assert.ok(await done);
    }
    await run(50);
    assert.deepEqual(log, ["all ", ...Array.from({ length: 20 }, (_, i) => `k=${i + 1} -`)]);
    const read = other.read("k");
    await run(50);
    assert.equal((await read)[0]?.value, "20");
  });

  it("lets the lease of a dead process run out", async () => {
    const { one, other, a, run, log, watcher } = setUp(1);
    const granting = one.grantLease(1000);
    await run(50);
    const lease = await granting;
    void one.transact({ put: [{ key: "k", value: "1", lease }] });
    await run(50);
    other.watch("k", watcher);
    await run(50);
    void lease.keepAlive();
    await run(900);
    a.crash();
    await run(2000);
    assert.deepEqual(log, ["all k=1", " -k"]);
  });

  it("leaves those who are cut off without news and without certainty, until it is restored", async () => {
    const applied = new Set<boolean>();
    for (let seed = 1; seed <= 20; seed++) {
      const { one, other, run, log, watcher } = setUp(seed);
      other.watch("k", watcher);
      await run(50);
      other.cut();
      const refused = assert.rejects(other.transact({ put: [{ key: "k", value: "other" }] }));
      await run(5000);
      await refused;
      assert.deepEqual(log, ["all "]);
      const read = one.read("k");
      await run(50);
      const entries = await read;
      applied.add(entries.length > 0);
      other.restore();
      await run(50);
      assert.deepEqual(log, ["all ", entries.length > 0 ? "all k=other" : "all "]);
    }
    assert.deepEqual(applied, new Set([true, false]));
  });

  it("tells nothing to who has stopped to watch, not even what was on its way", async () => {
    let onItsWay = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { one, other, shared, run, log, watcher } = setUp(seed);
      const watch = other.watch("k", watcher);
      await run(50);
      void one.transact({ put: [{ key: "k", value: "1" }] });
      await run(3);
      const changed = (await shared.read("k")).length > 0;
      onItsWay += changed && log.length === 1 ? 1 : 0;
      const heard = log.length;
      watch.cancel();
      watch.cancel();
      other.cut();
      other.restore();
      await run(50);
      assert.equal(log.length, heard);
    }
    assert.ok(onItsWay > 0);
  });

  it("keeps leases while it is without a leader, and renews them", async () => {
    const { one, etcd, run } = setUp(1);
    const granting = one.grantLease(1000);
    await run(50);
    const lease = await granting;
    void one.transact({ put: [{ key: "k", value: "1", lease }] });
    await run(800);
    etcd.goDown(5000);
    const lost = assert.rejects(one.read("k"));
    await run(5100);
    await lost;
    const there = async () => (await etcd.data.read("k")).length;
    await run(800);
    assert.equal(await there(), 1);
    await run(300);
    assert.equal(await there(), 0);
  });

  it("tells of other data to those who hear, and to those who do not later", async () => {
    const { one, other, etcd, run, log, watcher } = setUp(1);
    const news: string[] = [];
    void one.transact({ put: [{ key: "k", value: "1" }] });
    await run(50);
    other.watch("k", watcher);
    one.watch("k", { ...watcher, snapshot: (entries) => news.push(`all ${entries.length}`) });
    await run(50);
    await etcd.backUp();
    other.stall();
    await etcd.wipe();
    await run(50);
    assert.deepEqual([log, news], [["all k=1"], ["all 1", "all 0"]]);
    other.resume();
    await run(50);
    assert.deepEqual(log, ["all k=1", "all "]);
    await etcd.restore([]);
    await run(50);
    assert.deepEqual([log.at(-1), news.at(-1)], ["all k=1", "all 1"]);
  });
});
