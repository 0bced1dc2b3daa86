import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBucket } from "./token-bucket.js";

const ratio = { perSecond: 10, burst: 5 };

describe("a token bucket", () => {
  it("lets a burst through, then one at a time as tokens come, and says when", () => {
    const bucket = new TokenBucket(ratio);
    for (let i = 0; i < 5; i++) assert.equal(bucket.take(1, 1000), 0);
    assert.equal(bucket.take(1, 1000), 100);
    assert.equal(bucket.take(1, 1040), 60);
    assert.equal(bucket.take(1, 1100), 0);
    assert.equal(bucket.take(1, 1100), 100);
    assert.equal(bucket.take(3, 1100), 300);
  });

  it("is full again after a rest, and never more than full", () => {
    const bucket = new TokenBucket(ratio);
    assert.equal(bucket.take(5, 0), 0);
    assert.equal(bucket.take(5, 500), 0);
    assert.equal(bucket.take(5, 1_000_000), 0);
    assert.equal(bucket.take(1, 1_000_000), 100);
  });

  it("takes nothing when it refuses", () => {
    const bucket = new TokenBucket(ratio);
    bucket.take(4, 0);
    for (let i = 0; i < 10; i++) assert.equal(bucket.take(2, 0), 100);
    assert.equal(bucket.take(1, 0), 0);
  });

  it("lets everything through without a rate", () => {
    const bucket = new TokenBucket({ perSecond: 0, burst: 1 });
    for (let i = 0; i < 100; i++) assert.equal(bucket.take(1000, 0), 0);
  });

  it("refuses what it can never hold by a fault, not by a wait that does not end", () => {
    assert.throws(() => new TokenBucket(ratio).take(6, 0), RangeError);
  });

  it("is empty at worst after the clock was set back", () => {
    const bucket = new TokenBucket(ratio);
    bucket.take(5, 1_000_000);
    assert.equal(bucket.take(1, 0), 100);
    assert.equal(bucket.take(1, 100), 0);
  });

  const rates = fc.record({
    perSecond: fc.integer({ min: 1, max: 10_000 }),
    burst: fc.integer({ min: 1, max: 1000 }),
  });
  const asks = fc.array(
    fc.record({
      afterMs: fc.double({ min: 0, max: 500, noNaN: true }),
      cost: fc.integer({ min: 1, max: 1000 }),
    }),
    { minLength: 1, maxLength: 200 },
  );

  it("never lets more through than rate × time + burst, in any window", () => {
    fc.assert(
      fc.property(rates, asks, (rate, wishes) => {
        const bucket = new TokenBucket(rate);
        const taken: { at: number; cost: number }[] = [];
        let now = 1_700_000_000_000;
        for (const { afterMs, cost } of wishes) {
          now += afterMs;
          const fitting = Math.min(cost, rate.burst);
          if (bucket.take(fitting, now) === 0) taken.push({ at: now, cost: fitting });
        }
        for (let first = 0; first < taken.length; first++) {
          let sum = 0;
          for (let last = first; last < taken.length; last++) {
            sum += taken[last]!.cost;
            const seconds = (taken[last]!.at - taken[first]!.at) / 1000;
            // A microsecond of tokens for the rounding of times near 2^41 ms.
            const allowed = rate.burst + rate.perSecond * (seconds + 1e-6);
            assert.ok(sum <= allowed, `${sum} in ${seconds} s, ${allowed} allowed`);
          }
        }
      }),
    );
  });

  it("has the tokens when it said that it would, and not before", () => {
    fc.assert(
      fc.property(rates, asks, (rate, wishes) => {
        const bucket = new TokenBucket(rate);
        let now = 0;
        for (const { afterMs, cost } of wishes) {
          now += afterMs;
          const fitting = Math.min(cost, rate.burst);
          const wait = bucket.take(fitting, now);
          if (wait === 0) continue;
          if (wait > 0.01) assert.notEqual(bucket.take(fitting, now + wait - 0.01), 0);
          now += wait + 1e-6;
          assert.equal(bucket.take(fitting, now), 0);
        }
      }),
    );
  });
});
