import assert from "node:assert/strict";
import { dueMs, sharesOf } from "./post-all.js";

describe("the callers' shares", () => {
  const plan = { posts: 103, callers: 4, batch: 5, channels: ["C1", "C2", "C3"] };
  const all = [0, 1, 2, 3].flatMap((caller) => sharesOf(plan, caller));

  it("make all posts together, each with an id of its own", () => {
    const ids = all.flat().map(({ clientMsgId }) => clientMsgId);
    assert.equal(ids.length, 103);
    assert.equal(new Set(ids).size, 103);
  });

  it("are calls of one channel and no more messages than asked for", () => {
    for (const call of all) {
      assert.ok(call.length >= 1 && call.length <= 5);
      assert.equal(new Set(call.map(({ channelId }) => channelId)).size, 1);
    }
    assert.equal(new Set(all.flat().map(({ channelId }) => channelId)).size, 3);
  });
});

describe("the pace of posting", () => {
  const plan = { posts: 100, callers: 4, batch: 5, channels: ["C1"] };

  it("has all callers' calls evenly apart, at the rate asked for", () => {
    const dues = [0, 1].flatMap((call) =>
      [0, 1, 2, 3].map((who) => dueMs({ ...plan, rate: 500 }, who, call)),
    );
    assert.deepEqual(dues, [0, 10, 20, 30, 40, 50, 60, 70]);
  });

  it("waits for nothing without a rate", () => assert.equal(dueMs(plan, 3, 100), 0));
});
