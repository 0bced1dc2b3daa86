import assert from "node:assert/strict";
import { appendOf, Row, type Scenario, until } from "./scenario.js";

/** An owner is fenced, and its successor at work, before its append reaches the store. */
export const lateAppend: Scenario = {
  name: "acknowledges nothing that reaches the store after a successor has read it",
  without: "confirm-begun-early",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    const number = first.post("late");
    const append = first.held("append");
    for (const held of first.store.held.filter(({ name }) => name === "confirm")) await held.release();
    await row.cluster.open().fence(first.incarnation);
    const second = row.owner(6);
    second.post("in time");
    await second.settle();
    await append.release();
    first.clock.advance(1000);
    await first.settle();
    const log = await row.log(row.owner(7));
    assert.equal(log[3], "in time");
    assert.equal(first.answer(number), undefined);
  },
};

/** A fenced owner has two appends in the store, of which a successor gives the last one its own epoch. */
export const twoAppends: Scenario = {
  name: "keeps what it has shown of an owner that was fenced with something in flight",
  without: "next-append-before-confirm",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    first.post("one");
    first.post("two");
    const append = first.held("append");
    const second = row.owner(6);
    await row.log(second);
    await row.cluster.open().fence(first.incarnation);
    await row.cluster.during({ writes: [0, 1] }, async () => {
      await append.release();
      first.clock.advance(1);
      for (const held of first.store.held.filter(({ name }) => name === "append")) await held.release();
    });
    second.post("rival");
    await row.lose(second, second.held("append"), 2);
    const shown = await row.log(row.owner(7));
    row.cluster.land();
    const later = await row.log(row.owner(8));
    assert.deepEqual(later.slice(0, shown.length), shown);
  },
};

/** What became of an append is not known, and its next try is refused; then the clock steps back. */
export const refusedRetry: Scenario = {
  name: "gives no place away that an earlier try may have taken",
  without: "doubt-forgotten",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const owner = row.owner(5);
    await owner.found();
    owner.clock.advance(10_000);
    owner.post("in doubt");
    await row.lose(owner, owner.held("append"), 0);
    await row.cluster.during({ refuses: true }, async () => {
      owner.clock.advance(20);
      await owner.release("append");
    });
    const now = owner.clock.now.bind(owner.clock);
    owner.clock.now = () => now() - 5000;
    const number = owner.post("certain");
    await owner.settle();
    owner.clock.advance(1000);
    await owner.settle();
    const log = await row.log(row.owner(6));
    const answer = owner.answer(number);
    assert.equal(log[Number(answer) - 1], "certain");
  },
};

/** Of an append of two rows only the second one has no rival. */
export const halfReplaced: Scenario = {
  name: "goes on behind a row with no row of an append that the row has replaced",
  without: "lower-epoch-behind-higher",
  promise: "G2",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    const lost = row.owner(6);
    for (const text of ["one", "two"]) lost.post(text);
    await row.lose(lost, await until(lost, appendOf("two")), 0);
    row.cluster.set({ reads: [1, 2] });
    const second = row.owner(7, 10);
    second.post("rival");
    await row.cluster.during({ writes: [1, 2] }, () => second.settle());
    row.cluster.set({ reads: [0, 2] });
    const ids = (await row.events(row.owner(8, 20))).map(({ id }) => id);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
  },
};

/** Of the append that creates a conversation a broken read repair carries one row to another replica. */
export const halfCreated: Scenario = {
  name: "takes no part of an append for the whole: who creates a conversation is its member",
  without: "part-of-an-append-counts",
  promise: "G11",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    first.create();
    const append = await until(first, ({ name }) => name === "append");
    await row.lose(first, append, 0);
    const second = row.owner(6);
    second.read();
    await row.cluster.during({ repairBreaks: true }, () => second.release("find"));
    row.cluster.set({ reads: [1, 2] });
    const third = row.owner(7);
    const number = third.create({ firstAttempt: false });
    await third.settle();
    assert.equal(typeof third.answer(number), "number", `answered was ${third.answer(number)}`);
  },
};

/** A fenced owner is asked by somebody whom its successor has made a member. */
export const fencedRefusal: Scenario = {
  name: "refuses nobody for good whom a successor may have let in",
  without: "refused-before-confirm",
  promise: "G6",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    const cleo = "U00000000000C";
    await row.cluster.open().fence(first.incarnation);
    const second = row.owner(6);
    const joined = second.join([cleo]);
    await second.settle();
    assert.equal(second.answer(joined), 4);
    const number = first.post("may I?", { author: cleo });
    await first.settle();
    assert.equal(first.answer(number), undefined);
  },
};

/** A fenced owner, which has not heard of it, is asked for what its successor has acknowledged. */
export const fencedRead: Scenario = {
  name: "answers no page that lacks what a successor has acknowledged",
  without: "reads-without-confirm",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    await row.cluster.open().fence(first.incarnation);
    const second = row.owner(6);
    const number = second.post("new");
    await second.settle();
    assert.equal(second.answer(number), 4);
    const answers = first.read();
    await first.settle();
    const stale = answers.filter((outcome) => "page" in outcome);
    assert.deepEqual(stale, []);
  },
};
