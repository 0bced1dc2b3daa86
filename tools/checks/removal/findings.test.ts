import assert from "node:assert/strict";
import { compare } from "./findings.js";

describe("what came to a member who was removed", () => {
  it("is right if it is everything up to the removal, once and in order", () => {
    assert.deepEqual(compare([4, 5, 6], 3, 6), { leaks: 0, missing: 0, disorder: 0 });
    assert.deepEqual(compare([], 3, 3), { leaks: 0, missing: 0, disorder: 0 });
  });

  it("leaks if anything is behind the removal", () => {
    assert.deepEqual(compare([4, 5, 6, 7], 3, 5), { leaks: 2, missing: 0, disorder: 0 });
  });

  it("misses what did not come", () => {
    assert.deepEqual(compare([4, 6], 3, 7), { leaks: 0, missing: 2, disorder: 0 });
    assert.deepEqual(compare([4, 5, 7], 3, 6), { leaks: 1, missing: 1, disorder: 0 });
  });

  it("is in disorder if something came again, late or from before", () => {
    assert.equal(compare([4, 4, 5], 3, 5).disorder, 1);
    assert.equal(compare([5, 4], 3, 5).disorder, 1);
    assert.equal(compare([3, 4], 3, 4).disorder, 1);
  });
});
