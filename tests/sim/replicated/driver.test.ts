import assert from "node:assert/strict";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { NotWritten } from "../../../lib/store/log-store.js";
import { appendOf, readAll, startUs } from "../../../lib/store/suite/samples.js";
import { SimClock } from "../sim-clock.js";
import { World } from "../world.js";
import { Cluster, type ClusterFaults } from "./cluster.js";
import { ReplicatedStore } from "./replicated-store.js";

const channel = "C000000000001" as ChannelId;

function setUp(faults: Partial<ClusterFaults> = {}, seed = 1) {
  const world = new World(seed);
  const node = world.start("a");
  let readable = 0;
  const cluster = new Cluster(world, () => {
    readable++;
  });
  Object.assign(cluster.faults, faults);
  const store = new ReplicatedStore(node, new SimClock(node), cluster);
  /** How something ended after so many milliseconds. */
  const outcome = async (work: Promise<unknown>, ms = 1000) => {
    let ended: unknown = "waiting";
    const note = (how: unknown) => {
      ended = how;
    };
    work.then((value) => note(value ?? "written"), note);
    await new Promise(setImmediate);
    await world.scheduler.runUntil(world.scheduler.now + ms);
    return ended;
  };
  /** Which replicas have a row. */
  const holders = () => {
    const slice = { prefix: [1] };
    const has = (replica: Cluster["replicas"][number]) =>
      replica.find("log", JSON.stringify([channel, startUs])).slice(slice).length > 0;
    return cluster.replicas.flatMap((replica, at) => (has(replica) ? [at] : []));
  };
  return { world, node, cluster, store, outcome, holders, readable: () => readable };
}

describe("a store on simulated replicas", () => {
  const append = appendOf(channel, 1, 2);

  it("writes to a quorum while one replica is down, and hands it the rest later", async () => {
    const { cluster, store, outcome, holders, readable } = setUp();
    cluster.down.add(1);
    assert.equal(await outcome(store.append("one", append)), "written");
    assert.deepEqual([holders(), readable()], [[0, 2], 1]);
    cluster.setRight();
    cluster.handAllOver(10);
    await outcome(Promise.resolve(), 100);
    assert.deepEqual([holders(), readable()], [[0, 1, 2], 1]);
  });

  it("refuses what too few replicas would get, and writes nothing", async () => {
    const { cluster, store, outcome, holders } = setUp();
    for (const replica of [0, 1]) cluster.down.add(replica);
    assert.ok((await outcome(store.append("one", append))) instanceof NotWritten);
    assert.ok((await outcome(store.readBuckets(channel))) instanceof Error);
    assert.deepEqual(holders(), []);
  });

  it("cuts a replica off from one process only", async () => {
    const { cluster, store, outcome, holders } = setUp();
    const end = cluster.cut("a", 0);
    assert.deepEqual([cluster.reaches("a", 0), cluster.reaches("b", 0)], [false, true]);
    await outcome(store.append("one", append));
    assert.deepEqual(holders(), [1, 2]);
    end();
    assert.ok(cluster.reaches("a", 0));
  });

  it("does not know what became of a write whose answers were lost, and which took effect", async () => {
    const { store, outcome, holders } = setUp({ responseLost: 1 });
    const ended = await outcome(store.append("one", append));
    assert.ok(ended instanceof Error && !(ended instanceof NotWritten));
    assert.deepEqual(holders(), [0, 1, 2]);
  });

  it("gives back what one replica has, to the one that lacks it, before it answers", async () => {
    const { world, cluster, store, outcome, holders } = setUp({ missed: 0.6 }, 2);
    const written = store.append("one", append);
    written.catch(() => {});
    await new Promise(setImmediate);
    await world.scheduler.runUntil(40);
    cluster.setRight();
    assert.equal(holders().length, 1);
    // One of three pairs does not have it.
    const seen = new Set<number>();
    for (let tries = 0; tries < 10; tries++) {
      const rows = (await outcome(readAll(store, channel), 200)) as unknown[];
      seen.add(rows.length);
      if (rows.length > 0) break;
    }
    assert.ok(seen.has(2) && !seen.has(1), `${[...seen]}`);
    assert.equal(holders().length, 2);
  });

  it("answers nothing to the dead, whose last writes arrive or not", async () => {
    const arrived = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const { node, store, outcome, holders } = setUp({}, seed);
      const written = store.append("one", append);
      await new Promise(setImmediate);
      node.crash();
      assert.equal(await outcome(written), "waiting");
      arrived.add(holders().length);
    }
    assert.deepEqual(arrived, new Set([0, 3]));
  });
});
