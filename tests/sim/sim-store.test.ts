import assert from "node:assert/strict";
import type { ChannelId } from "../../lib/ids/ids.js";
import { type Append, Fenced, NotWritten } from "../../lib/store/log-store.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { SimStore } from "./sim-store.js";
import { calmStore, type StoreFaults } from "./store-wire.js";
import { World } from "./world.js";

const channel = "C000000000001" as ChannelId;

function makeAppend(rows: number): Append {
  const row = (seq: number) => ({
    ...{ seq, epoch: 1, id: seq, first: 1, last: rows, projected: 0, told: 0 },
    ...{ messages: seq, kind: "messagePosted" },
    ...{ author: "U", clientMsgId: `m${seq}`, parentId: 0, targetId: 0, event: new Uint8Array([seq]) },
  });
  const key = (seq: number) => ({ author: "U", clientMsgId: `m${seq}`, epoch: 1, seq, bodyHash: "" });
  const seqs = Array.from({ length: rows }, (_, i) => i + 1);
  return { channel, bucket: 1, rows: seqs.map(row), keys: seqs.map(key) };
}

function setUp(seed: number, faults: Partial<StoreFaults> = {}) {
  const world = new World(seed);
  const shared = new MemoryStore();
  const node = world.start("a");
  const appended: Append[] = [];
  const options = { shared, faults: { ...calmStore, ...faults } };
  const store = new SimStore(node, { ...options, appended: (append) => appended.push(append) });
  const run = (ms: number) => world.scheduler.runUntil(world.scheduler.now + ms);
  const kept = async () => {
    const range = { channel, bucket: 1, from: 1, to: 1000, limit: 1000, bytesEnough: 1e9, downward: false };
    return (await shared.readRows(range)).map(({ seq }) => seq);
  };
  /** How a write ended after so many milliseconds. */
  const outcome = async (write: Promise<unknown>, ms: number) => {
    let ended: unknown = "waiting";
    write.then(
      () => {
        ended = "written";
      },
      (error: unknown) => {
        ended = error;
      },
    );
    await run(ms);
    return ended;
  };
  return { world, node, store, appended, run, kept, outcome };
}

describe("a simulated store", () => {
  it("takes effect between call and answer, whatever the caller does with its arguments", async () => {
    const { store, run, kept, outcome, appended } = setUp(1);
    const append = makeAppend(2);
    const written = store.append("one", append);
    Object.assign(append, { rows: [] });
    assert.deepEqual(await kept(), []);
    assert.equal(await outcome(written, 200), "written");
    assert.deepEqual(await kept(), [1, 2]);
    assert.equal(appended.length, 1);
    const read = store.findKeys(channel, 1, "U", "m2");
    await run(200);
    assert.equal((await read)[0]?.seq, 2);
  });

  it("says NotWritten only of what was not written and never is", async () => {
    const { store, kept, outcome } = setUp(1, { notWritten: 1 });
    assert.ok((await outcome(store.append("one", makeAppend(1)), 200)) instanceof NotWritten);
    await outcome(Promise.resolve(), 60_000);
    assert.deepEqual(await kept(), []);
  });

  it("leaves outcomes unknown of writes that were applied, were not, are late, or in part", async () => {
    const cases: [Partial<StoreFaults>, (soon: number[], later: number[]) => boolean][] = [
      [{ unknownDropped: 1 }, (soon, later) => soon.length === 0 && later.length === 0],
      [{ unknownApplied: 1 }, (soon, later) => soon.length === 8 && later.length === 8],
      [{ unknownLate: 1 }, (soon, later) => soon.length < later.length && later.length === 8],
      [{ unknownPartial: 1 }, (soon, later) => soon.length > 0 && later.length < 8],
    ];
    for (const [faults, holds] of cases) {
      const { store, kept, outcome, run } = setUp(3, faults);
      const error = await outcome(store.append("one", makeAppend(8)), 500);
      assert.ok(error instanceof Error && !(error instanceof NotWritten) && !(error instanceof Fenced));
      const soon = await kept();
      await run(60_000);
      assert.ok(holds(soon, await kept()), `${Object.keys(faults)}: ${soon}, later ${await kept()}`);
    }
  });

  it("applies a write again much later", async () => {
    const { store, outcome, appended, run } = setUp(1, { repeated: 1 });
    assert.equal(await outcome(store.append("one", makeAppend(1)), 200), "written");
    await run(60_000);
    assert.equal(appended.length, 2);
  });

  it("refuses the writes of the fenced", async () => {
    const { store, kept, outcome } = setUp(1);
    await outcome(store.fence("one"), 200);
    assert.ok((await outcome(store.append("one", makeAppend(1)), 200)) instanceof Fenced);
    assert.ok((await outcome(store.confirm("one"), 200)) instanceof Fenced);
    assert.equal(await outcome(store.confirm("two"), 200), "written");
    assert.deepEqual(await kept(), []);
  });

  it("answers nothing to the dead, whose last writes arrive or not", async () => {
    const arrived = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const { node, store, kept, outcome } = setUp(seed);
      const written = store.append("one", makeAppend(1));
      node.crash();
      assert.equal(await outcome(written, 500), "waiting");
      arrived.add((await kept()).length);
    }
    assert.deepEqual(arrived, new Set([0, 1]));
  });

  it("fails reads", async () => {
    const { store, outcome } = setUp(1, { readFails: 1 });
    assert.ok((await outcome(store.readBuckets(channel), 500)) instanceof Error);
  });
});
