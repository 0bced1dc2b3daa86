import assert from "node:assert/strict";
import { appendOf, Row, type Scenario, until } from "./scenario.js";

const dayMs = 24 * 3600 * 1000;

/** Three owners in a row; a hint of the second one's post lands when the third has shown what it found. */
export const threeOwners: Scenario = {
  name: "keeps what the third of three owners has shown when a hint of the second one lands",
  without: "tail-not-proposed-again",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    first.post("first");
    await row.lose(first, first.held("append"), 0);
    row.cluster.set({ reads: [1, 2] });
    const second = row.owner(6);
    second.post("second");
    await row.lose(second, await until(second, appendOf("second")), 1);
    row.cluster.set({ reads: [0, 2] });
    const shown = await row.log(row.owner(7));
    row.cluster.land();
    const later = await row.log(row.owner(8));
    assert.deepEqual(later.slice(0, shown.length), shown);
  },
};

/** Five owners in a row leave an append of 256 rows each, of which nothing is acknowledged. */
export const longVoidRun: Scenario = {
  name: "finds the end of a log below more rows that do not count than are read",
  without: "window-in-rows",
  promise: "G8",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    first.post("the last one");
    await first.settle();
    for (const epoch of [6, 7, 8, 9, 10]) {
      row.cluster.set({ reads: [1, 2] });
      const lost = row.owner(epoch);
      for (let i = 0; i < 256; i++) lost.post(`lost ${epoch}`);
      await row.lose(lost, await until(lost, appendOf(`lost ${epoch}`)), 0);
    }
    row.cluster.set({ reads: [0, 1] });
    const log = await row.log(row.owner(11));
    assert.equal(log[3], "the last one");
  },
};

/** An owner lists a new bucket and dies; by its successor's clock there is room in the old one. */
export const bucketRoll: Scenario = {
  name: "keeps what a successor wrote when the bucket that a dead owner began comes to light",
  without: "no-map-row-on-re-proposal",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    first.clock.advance(10 * dayMs + 1000);
    first.post("first");
    await row.lose(first, await until(first, ({ name }) => name === "listBucket"), 0);
    row.cluster.set({ reads: [1, 2] });
    const second = row.owner(6, 10 * dayMs - 2000);
    const number = second.post("second");
    await second.settle();
    assert.equal(second.answer(number), 4);
    row.cluster.land();
    first.clock.advance(1000);
    await first.settle();
    assert.equal((await row.log(row.owner(7, 11 * dayMs)))[3], "second");
  },
};

/** Two owners list a bucket for a log that nobody has begun; a third one knows of the first bucket only. */
export const emptyLog: Scenario = {
  name: "keeps the beginning of a log when another bucket that was listed for it comes to light",
  without: "no-map-row-for-empty-log",
  promise: "G1",
  run: async () => {
    const row = new Row();
    for (const [epoch, replica] of [
      [5, 0],
      [6, 1],
    ] as const) {
      row.cluster.set({ reads: [1, 2] });
      const lost = row.owner(epoch, epoch);
      lost.create();
      await row.lose(lost, await until(lost, ({ name }) => name === "listBucket"), replica);
    }
    row.cluster.set({ reads: [0, 2] });
    const third = row.owner(7, 7);
    await third.found();
    row.cluster.land();
    assert.deepEqual(await row.log(row.owner(8, 8)), [
      "conversationCreated",
      "membersJoined",
      "membersJoined",
    ]);
  },
};

/** A bucket is listed for an event that the store then refuses; the clock steps back before the next one. */
export const refusedBucket: Scenario = {
  name: "writes into the bucket that it has listed, whatever became of the event that it was listed for",
  without: "bucket-followed-only-once-confirmed",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const owner = row.owner(5);
    await owner.found();
    owner.clock.advance(10 * dayMs + 1000);
    const refused = owner.post("refused");
    await (await until(owner, ({ name }) => name === "append")).fail("notWritten");
    owner.clock.runTurn();
    assert.equal(owner.answer(refused), "unavailable");
    const now = owner.clock.now.bind(owner.clock);
    owner.clock.now = () => now() - 5000;
    const number = owner.post("kept");
    await owner.settle();
    assert.equal(owner.answer(number), 4);
    assert.equal((await row.log(row.owner(6, 11 * dayMs)))[3], "kept");
  },
};
