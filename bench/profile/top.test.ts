import assert from "node:assert/strict";
import { topOf } from "./top.js";

const node = (id: number, functionName: string, url = "") => ({
  id,
  callFrame: { functionName, url, lineNumber: 8 },
});

describe("topOf", () => {
  const profile = {
    nodes: [
      node(1, "(idle)"),
      node(2, "send", "file:///a/b.js"),
      node(3, "send", "file:///a/b.js"),
      node(4, ""),
    ],
    samples: [1, 2, 3, 4, 2],
    timeDeltas: [1000, 10, 20, 20, 50],
  };

  it("sums what a function took itself, wherever it was called, and leaves idle time out", () => {
    assert.deepEqual(topOf(JSON.stringify(profile), 9), [
      { name: "send b.js:9", share: 0.8 },
      { name: "", share: 0.2 },
    ]);
  });

  it("is the longest of them only", () => assert.equal(topOf(JSON.stringify(profile), 1).length, 1));
});
