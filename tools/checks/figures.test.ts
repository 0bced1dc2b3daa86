import assert from "node:assert/strict";
import { median, quantile, round } from "./figures.js";

describe("figures", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => 100 - i);

  it("have a quantile by nearest rank, whatever their order", () => {
    assert.equal(quantile(numbers, 0.99), 99);
    assert.equal(quantile(numbers, 0), 1);
    assert.equal(quantile(numbers, 1), 100);
    assert.equal(median([30, 4, 5]), 5);
    assert.throws(() => median([]));
  });

  it("are rounded", () => assert.equal(round(1.26), 1.3));
});
