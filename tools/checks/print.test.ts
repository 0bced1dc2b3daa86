import assert from "node:assert/strict";
import { format } from "./print.js";

describe("a line of a check", () => {
  const line = { check: "crash", ok: true, acked: 12345 };

  it("is one JSON object for programs", () => assert.deepEqual(JSON.parse(format(line, true)), line));
  it("is words for people", () => assert.equal(format(line, false), "check crash, ok true, acked 12,345"));
});
