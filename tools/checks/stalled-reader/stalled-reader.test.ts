import assert from "node:assert/strict";
import type { RunFindings } from "./one-run.js";
import { judge } from "./stalled-reader.js";

const mebibyte = 1024 * 1024;
const good: RunFindings = {
  ...{ p99Ms: 10, growthBytes: 50 * mebibyte, postsPerSecond: 1000, cutOffSeconds: undefined },
  ...{ gaps: 0, missing: 0, duplicate: 0, reordered: 0, troubles: 0 },
};
const stalled: RunFindings = { ...good, cutOffSeconds: 14, gaps: 1 };

describe("the judgement of a stalled reader", () => {
  const okWith = (changes: Partial<RunFindings>) =>
    judge([{ without: good, stalled: { ...stalled, ...changes } }]).ok;

  it("compares medians of rounds", () => {
    const worse = { ...stalled, p99Ms: 14, growthBytes: 60 * mebibyte };
    const worst = { ...stalled, p99Ms: 90, growthBytes: 999 * mebibyte };
    const { ok, figures } = judge([stalled, worst, worse].map((one) => ({ without: good, stalled: one })));
    assert.equal(ok, true);
    const { extraMiB, p99Ratio, cutOffs } = figures;
    assert.deepEqual([extraMiB, p99Ratio, cutOffs], [10, 1.4, 3]);
  });

  it("is not ok beyond its bounds", () => {
    assert.equal(okWith({}), true);
    assert.equal(okWith({ growthBytes: 67 * mebibyte }), false);
    assert.equal(okWith({ p99Ms: 15.1 }), false);
    assert.equal(okWith({ missing: 1 }), false);
    assert.equal(okWith({ duplicate: 1 }), false);
  });

  it("is not ok when the reader was cut off late or never, or somebody else was", () => {
    assert.equal(okWith({ cutOffSeconds: undefined }), false);
    assert.equal(okWith({ cutOffSeconds: 24 }), false);
    assert.equal(judge([{ without: stalled, stalled }]).ok, false);
  });
});
