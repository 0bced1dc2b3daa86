import assert from "node:assert/strict";
import { quantile, spreadOf } from "./spread.js";

describe("spreadOf", () => {
  it("is the median and the range, in whatever order the rounds came", () => {
    assert.deepEqual(spreadOf([9, 1, 4]), { median: 4, min: 1, max: 9 });
    assert.deepEqual(spreadOf([4, 1, 2, 9]), { median: 3, min: 1, max: 9 });
    assert.deepEqual(spreadOf([7]), { median: 7, min: 7, max: 7 });
  });

  it("claims four digits at most", () => assert.equal(spreadOf([1.234_567]).median, 1.235));
});

describe("quantile", () => {
  const sorted = Float64Array.from({ length: 100 }, (_, i) => i + 1);

  it("is the smallest value that the share does not exceed", () => {
    assert.deepEqual([quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)], [50, 99, 100]);
    assert.equal(quantile([5], 0.01), 5);
    assert.equal(quantile([], 0.5), 0);
  });
});
