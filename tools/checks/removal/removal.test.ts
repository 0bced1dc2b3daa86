import assert from "node:assert/strict";
import { noFindings } from "./findings.js";
import { judge } from "./removal.js";

describe("the judgement of removals", () => {
  const good = { ...noFindings(), before: 60, after: 940, rejoined: 1000 };

  it("wants both outcomes often enough, and every race ended", () => {
    assert.equal(judge(1000, good).ok, true);
    assert.equal(judge(1000, { ...good, before: 49, after: 951 }).ok, false);
    assert.equal(judge(1000, { ...good, before: 951, after: 49 }).ok, false);
    assert.equal(judge(1001, good).ok, false);
    assert.equal(judge(1000, { ...good, rejoined: 999 }).ok, false);
  });

  it("bears no fault", () => {
    for (const fault of ["leaks", "missing", "disorder", "unrefused", "untold"] as const) {
      assert.equal(judge(1000, { ...good, [fault]: 1 }).ok, false, fault);
    }
  });
});
