import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyedBuckets } from "./keyed-buckets.js";
import { LruSlots } from "./lru-slots.js";

const ratio = { perSecond: 10, burst: 2 };

describe("keyed buckets", () => {
  it("give each key a bucket of its own", () => {
    const buckets = new KeyedBuckets(ratio);
    assert.equal(buckets.take("a", 2, 0), 0);
    assert.equal(buckets.take("a", 1, 0), 100);
    assert.equal(buckets.take("b", 2, 0), 0);
    assert.equal(buckets.waitMs("a", 2, 50), 150);
    assert.equal(buckets.waitMs("c", 2, 50), 0);
  });

  it("forget the key that was used longest ago, and no other", () => {
    const buckets = new KeyedBuckets(ratio, 3);
    for (const key of ["a", "b", "c"]) assert.equal(buckets.take(key, 2, 0), 0);
    assert.equal(buckets.take("a", 1, 0), 100);
    assert.equal(buckets.take("d", 2, 0), 0);
    for (const key of ["a", "c", "d"]) assert.equal(buckets.waitMs(key, 1, 0), 100, key);
    assert.equal(buckets.waitMs("b", 1, 0), 0);
  });

  it("let everything through without a rate, and remember nobody", () => {
    const buckets = new KeyedBuckets({ perSecond: 0, burst: 1 });
    for (let i = 0; i < 100; i++) assert.equal(buckets.take("a", 100, 0), 0);
  });
});

describe("the slots of the most recently used keys", () => {
  it("are as a list would have them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.constantFrom(..."abcdefgh")), (max, keys) => {
        const slots = new LruSlots(max);
        let newest: string[] = [];
        for (const key of keys) {
          const known = newest.includes(key);
          const before = slots.peek(key);
          const { slot, isNew } = slots.use(key);
          assert.equal(isNew, !known);
          if (known) assert.equal(slot, before);
          newest = [key, ...newest.filter((other) => other !== key)].slice(0, max);
          for (const other of "abcdefgh")
            assert.equal(slots.peek(other) !== undefined, newest.includes(other));
          assert.equal(new Set(newest.map((one) => slots.peek(one))).size, newest.length);
        }
      }),
    );
  });
});
