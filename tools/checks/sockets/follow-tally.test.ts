import assert from "node:assert/strict";
import { FollowTally } from "./follow-tally.js";

function outcomeOf(...seqs: number[]) {
  const tally = new FollowTally();
  tally.begin(2);
  for (const seq of seqs) tally.got(seq);
  const { deliveries, duplicate, reordered } = tally;
  return { deliveries, duplicate, reordered, missing: tally.missing(5) };
}

describe("the tally of a followed channel", () => {
  it("finds nothing wrong with every event once and in order", () => {
    assert.deepEqual(outcomeOf(3, 4, 5), { deliveries: 3, duplicate: 0, reordered: 0, missing: 0 });
  });

  it("sees what is missing inside, at the end and altogether", () => {
    assert.equal(outcomeOf(3, 5).missing, 1);
    assert.equal(outcomeOf(3).missing, 2);
    assert.equal(outcomeOf().missing, 3);
    assert.equal(new FollowTally().missing(5), 5);
  });

  it("sees a duplicate", () => {
    assert.deepEqual(outcomeOf(3, 4, 4, 5), { deliveries: 4, duplicate: 1, reordered: 0, missing: 0 });
    assert.equal(outcomeOf(2, 3, 4, 5).duplicate, 1);
  });

  it("sees another order", () => {
    assert.deepEqual(outcomeOf(4, 3, 5), { deliveries: 3, duplicate: 0, reordered: 1, missing: 0 });
  });

  it("sees what came before the connection had caught up", () => {
    const liveOf = (...seqs: number[]) => {
      const tally = new FollowTally();
      tally.begin(2);
      tally.resume(5);
      for (const seq of seqs) tally.got(seq);
      return tally.liveBeforeCaughtUp;
    };
    assert.equal(liveOf(3, 4, 5, 6, 7), 0);
    assert.equal(liveOf(3, 6, 7, 4, 5, 8), 2);
    assert.equal(liveOf(6, 7), 2);
  });

  it("misses what was left out until it is filled in, and nothing else of it", () => {
    const tally = new FollowTally();
    tally.begin(2);
    tally.resume(5);
    tally.leaveOut(3, 5);
    tally.got(6);
    assert.equal(tally.missing(6), 3);
    for (const seq of [3, 4, 5]) tally.fillIn(seq);
    const { duplicate, reordered, liveBeforeCaughtUp } = tally;
    assert.deepEqual([tally.missing(6), duplicate, reordered, liveBeforeCaughtUp], [0, 0, 0, 0]);
    tally.leaveOut(9, 10);
    assert.equal(tally.missing(10), 4);
    tally.fillIn(7);
    assert.equal(tally.missing(10), 4);
  });
});
