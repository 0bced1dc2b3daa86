import assert from "node:assert/strict";
import { closingLine, isGood, single, sum } from "./tally.js";

describe("a tally", () => {
  it("adds up and closes with one line", () => {
    const total = sum([single(true), single(false), { passed: 3, failed: 0, skipped: 2 }]);
    assert.equal(closingLine(total), "4 passed, 1 failed, 2 skipped");
  });

  it("is good if nothing failed", () => {
    assert.equal(isGood({ passed: 1, failed: 0, skipped: 1 }, false), true);
    assert.equal(isGood({ passed: 1, failed: 1, skipped: 0 }, false), false);
  });

  it("is not good with anything skipped where all must run", () => {
    assert.equal(isGood({ passed: 1, failed: 0, skipped: 1 }, true), false);
  });
});
