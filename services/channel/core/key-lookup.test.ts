import assert from "node:assert/strict";
import { ada, bob, general, OwnerStage } from "../owner-stage.js";
import { ChannelState } from "./channel-state.js";
import { KeyLookup } from "./key-lookup.js";

const minuteMs = 60_000;
/** A try that is not the first. */
const again = { firstAttempt: false };

describe("a post with an id of its author's", () => {
  let stage: OwnerStage;

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  /** The next owner of the channel, over the same store. */
  const takeOver = (epoch = 7) =>
    new OwnerStage({ memory: stage.memory, clock: stage.clock, epoch, cleanFrom: 5 });

  it("has one place, however often it is tried", async () => {
    const first = stage.post("hello", {}, "m1");
    await stage.settle();
    const retry = stage.post("hello", again, "m1");
    await stage.release("confirm");
    assert.deepEqual(stage.results.get(retry), stage.results.get(first));
    assert.equal(stage.waiting, "");
  });

  it("has one place when tried again while it is in flight", async () => {
    const first = stage.post("hello", {}, "m1");
    const retry = stage.post("hello", {}, "m1");
    await stage.settle();
    assert.deepEqual([stage.answer(first), stage.answer(retry)], [4, 4]);
  });

  it("has one place when tried twice within one batch, where both wait for the confirm", async () => {
    stage.post("keeps the store busy");
    const tries = [stage.post("hello", {}, "m1"), stage.post("hello", {}, "m1")];
    const reused = stage.post("bye", {}, "m1");
    await stage.release("append", "confirm");
    assert.equal(stage.held("append").append?.rows.length, 1);
    assert.deepEqual(
      tries.map((number) => stage.answer(number)),
      [undefined, undefined],
    );
    await stage.settle();
    assert.deepEqual(
      tries.map((number) => stage.answer(number)),
      [5, 5],
    );
    assert.equal(stage.answer(reused), "client_msg_id_reused");
  });

  it("is refused with another body", async () => {
    stage.post("hello", {}, "m1");
    await stage.settle();
    const other = stage.post("bye", {}, "m1");
    await stage.settle();
    assert.equal(stage.answer(other), "client_msg_id_reused");
    const reply = stage.post("hello", {}, "m1", { parentId: 1 });
    await stage.settle();
    assert.equal(stage.answer(reply), "client_msg_id_reused");
  });

  it("is another's when the author is, or when it has no id at all", async () => {
    const numbers = [
      stage.post("hello", {}, "m1"),
      stage.post("hello", { author: bob }, "m1"),
      stage.post("hello"),
      stage.post("hello"),
    ];
    await stage.settle();
    assert.deepEqual(
      numbers.map((number) => stage.answer(number)),
      [4, 5, 6, 7],
    );
  });

  it("has one place over owners, be it among the newest events or only in the store", async () => {
    const first = stage.post("hello", {}, "m1");
    await stage.settle();
    const position = stage.position(first);
    const second = takeOver();
    const near = second.post("hello", again, "m1");
    await second.settle();
    assert.deepEqual(second.position(near), position);
    for (let i = 0; i < 1200; i++) second.post(`message ${i}`);
    await second.settle();

    const third = takeOver(9);
    const far = third.post("hello", again, "m1");
    const reused = third.post("bye", again, "m1");
    await third.release("find");
    assert.equal(third.waiting, "findKey findKey");
    await third.settle();
    assert.deepEqual([third.position(far), third.answer(reused)], [position, "client_msg_id_reused"]);
  });

  it("is looked for until that has an answer; what follows waits for its turn", async () => {
    const next = takeOver();
    const retry = next.post("hello", again, "m1");
    const behind = next.post("behind");
    await next.release("find", "project");
    assert.equal(next.waiting, "findKey");
    await next.fail("findKey", "unknown");
    next.clock.advance(49);
    assert.equal(next.waiting, "");
    next.clock.advance(1);
    await next.release("findKey");
    await next.settle();
    assert.deepEqual([next.answer(retry), next.answer(behind)], [4, 5]);
  });

  it("is not looked for as a first attempt in the owner's own term, but in another's", async () => {
    const next = takeOver();
    next.post("first", {}, "m1");
    await next.release("find", "project");
    assert.equal(next.waiting, "append");
    await next.settle();
    const stray = next.post("of an earlier term", { epoch: 5 }, "m2");
    assert.equal(next.waiting, "findKey");
    await next.settle();
    assert.equal(next.answer(stray), 5);
  });

  it("is not looked for once the window reaches back far enough", async () => {
    const next = takeOver();
    next.attach();
    await next.settle();
    next.clock.advance(11 * minuteMs - 1);
    next.post("early", again, "m1");
    assert.equal(next.waiting, "findKey");
    await next.settle();
    next.clock.advance(1);
    next.post("late", again, "m2");
    assert.equal(next.waiting, "append");
  });

  it("has one place for 10 minutes, in one owner's memory", async () => {
    const first = stage.post("hello", {}, "m1");
    await stage.settle();
    stage.clock.advance(10 * minuteMs);
    stage.post("others go on", {}, "m2");
    await stage.settle();
    const retry = stage.post("hello", again, "m1");
    await stage.settle();
    assert.deepEqual([stage.answer(first), stage.answer(retry)], [4, 4]);
  });

  it("is not taken for one of which the row is not in the log", async () => {
    const lost = stage.post("lost", {}, "m1");
    const { append } = stage.held("append");
    const { rows, keys, ...place } = append!;
    const next = takeOver();
    const placed = next.post("placed first", {}, "m2");
    await next.settle();
    await stage.memory.append("life-5", { ...place, rows, keys });
    const retry = next.post("lost", again, "m1");
    assert.equal(next.waiting, "findKey");
    await next.settle();
    assert.deepEqual([stage.answer(lost), next.answer(placed), next.answer(retry)], [undefined, 4, 5]);
  });

  it("is not taken for another that the row at its place is", async () => {
    stage.post("hello", {}, "m1");
    const { append } = stage.held("append");
    const stray = { ...append!.keys[0]!, clientMsgId: "m2" };
    await stage.memory.append("life-5", { ...append!, keys: [stray] });
    await stage.settle();
    const next = takeOver();
    const number = next.post("hello", again, "m2");
    await next.settle();
    assert.equal(next.answer(number), 5);
  });

  it("is known by the body of the row that counts, not of one that a fenced owner left", async () => {
    stage.post("keeps the store busy");
    stage.post("first body", {}, "m1");
    stage.post("never written");
    await stage.release("append", "confirm");
    const { rows, keys, ...place } = stage.held("append").append!;
    await stage.memory.append("life-5", { ...place, rows: rows.slice(0, 1), keys });
    const next = takeOver();
    const placed = next.post("second body", {}, "m1");
    await next.settle();
    for (let i = 0; i < 1200; i++) next.post(`message ${i}`);
    await next.settle();
    const third = takeOver(9);
    const retry = third.post("second body", again, "m1");
    await third.settle();
    assert.deepEqual([next.answer(placed), third.answer(retry)], [5, 5]);
  });

  it("is looked for as a first attempt too when its owner had forgotten the channel", () => {
    const now = stage.clock.now();
    const outside = { store: stage.store, tell() {}, later() {}, fenced() {}, outranked() {} };
    const noOne = { members: [], marks: [], creator: "" };
    const found = { segments: [], created: undefined, rows: [], highestEpoch: 0, ...noOne };
    const state = new ChannelState(general, found, now);
    state.tail = { seq: 1, id: 1 };
    const value = { text: "hello", clientMsgId: "m1", parentId: 0, broadcast: false };
    const marked = {
      number: 1,
      channelId: general,
      epoch: 5,
      author: ada,
      firstAttempt: true,
      deadlineUs: now * 1000,
    };
    const command = { ...marked, action: { $case: "post" as const, value } };
    const waiting = { command, asker: { link: 1, number: 1 }, lookup: "none" as const };
    const isNeeded = (forgottenUntil: number) =>
      new KeyLookup(state, 5, forgottenUntil, now, outside).isNeeded(waiting, now);
    const sentAfter = now - 120_000;
    assert.deepEqual([0, sentAfter - 1, sentAfter, now].map(isNeeded), [false, false, true, true]);
    const unbounded = { ...waiting, command: { ...command, deadlineUs: 0 } };
    assert.equal(new KeyLookup(state, 5, 0, now, outside).isNeeded(unbounded, now), true);
  });
});
