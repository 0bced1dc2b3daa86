import assert from "node:assert/strict";
import { Expected } from "./expected.js";
import { RoundTally } from "./tally.js";

describe("Expected", () => {
  let tally: RoundTally;
  let expected: Expected;
  beforeEach(() => {
    tally = new RoundTally();
    expected = new Expected({ first: 8, count: 4, channels: 10 }, tally);
  });

  it("takes every message of the followed channels, which go round, once and in order", () => {
    for (const channel of [8, 9, 0, 1]) {
      assert.equal(expected.got(channel, 1), true);
      assert.equal(expected.got(channel, 2), true);
    }
    assert.deepEqual(tally.faults, { lost: 0, duplicate: 0, stray: 0, closed: 0 });
  });

  it("counts what is skipped, comes again or belongs elsewhere", () => {
    expected.got(8, 1);
    expected.got(8, 4);
    assert.equal(expected.got(8, 3), false);
    assert.equal(expected.got(2, 1), false);
    assert.equal(expected.got(10, 1), false);
    assert.deepEqual(tally.faults, { lost: 2, duplicate: 1, stray: 2, closed: 0 });
  });
});

describe("RoundTally", () => {
  it("has quantiles of the latencies in ms, of this round only", () => {
    const tally = new RoundTally();
    tally.delivered(1e9);
    tally.reset();
    for (let us = 3000; us > 0; us--) tally.delivered(us);
    const { deliveries, latencyMs } = tally.result();
    assert.equal(deliveries, 3000);
    assert.deepEqual(latencyMs, { p50: 1.5, p90: 2.7, p99: 2.97, max: 3 });
  });
});
