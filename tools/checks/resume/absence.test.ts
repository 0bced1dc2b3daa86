import assert from "node:assert/strict";
import { drawAbsence } from "./absence.js";

describe("the absence of a client", () => {
  const draw = (...numbers: number[]) => drawAbsence(() => numbers.shift() ?? 0);

  it("is of each kind, as often as is said, and keeps its distance from the bounds", () => {
    assert.deepEqual([draw(0, 0), draw(0.39, 0.999)], [0, 180]);
    assert.deepEqual([draw(0.41, 0), draw(0.64, 0.999)], [290, 420]);
    assert.deepEqual([draw(0.66, 0), draw(0.89, 0.999)], [560, 850]);
    assert.deepEqual([draw(0.91, 0), draw(0.999, 0.999)], [1050, 1300]);
  });
});
