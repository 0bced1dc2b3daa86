import assert from "node:assert/strict";
import { Random } from "./random.js";

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe("seeded random numbers", () => {
  it("are those of the reference implementation", () => {
    const expected = [0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e];
    assert.deepEqual(draw(new Random(42, 54), 6), expected);
  });

  it("carry like a 64-bit integer for a thousand steps, with large seeds and streams", () => {
    const [seed, stream, mask] = [2 ** 52 + 12345, 2 ** 51 + 99, (1n << 64n) - 1n];
    const increment = ((BigInt(stream) << 1n) | 1n) & mask;
    const advance = (state: bigint) => (state * 6364136223846793005n + increment) & mask;
    let state = advance((advance(0n) + BigInt(seed)) & mask);
    const random = new Random(seed, stream);
    for (let i = 0; i < 1000; i++) {
      const word = (((state >> 18n) ^ state) >> 27n) & 0xffffffffn;
      const turn = state >> 59n;
      const expected = ((word >> turn) | (word << (-turn & 31n))) & 0xffffffffn;
      assert.equal(random.next(), Number(expected));
      state = advance(state);
    }
  });

  it("of a fork depend on the seed and the purpose, not on what else was drawn", () => {
    const random = new Random(7);
    const before = draw(random.fork("links"), 5);
    draw(random, 100);
    assert.deepEqual(draw(random.fork("links"), 5), before);
    assert.notDeepEqual(draw(random.fork("store"), 5), before);
    assert.notDeepEqual(draw(new Random(8).fork("links"), 5), before);
  });

  it("stay within their bounds", () => {
    const random = new Random(1);
    for (let i = 0; i < 1000; i++) {
      const below = random.below(3);
      assert.ok(Number.isInteger(below) && below >= 0 && below < 3);
      const between = random.between(2, 5);
      assert.ok(between >= 2 && between < 5);
    }
    assert.equal(random.chance(0), false);
    assert.equal(random.chance(1), true);
    assert.throws(() => random.pick([]), RangeError);
  });
});
