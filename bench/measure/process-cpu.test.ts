import assert from "node:assert/strict";
import { parseStatUs } from "./process-cpu.js";

describe("parseStatUs", () => {
  it("adds user and system time behind a name with blanks and brackets", () => {
    const line = "42 (no de) x) S 1 42 42 0 -1 4194560 100 0 0 0 150 25 0 0 20 0 11 0 12345 1000 200";
    assert.equal(parseStatUs(line), 1_750_000);
  });
});
