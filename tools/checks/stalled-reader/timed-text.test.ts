import assert from "node:assert/strict";
import { sentMs, timedText } from "./timed-text.js";

describe("a message that tells when it was sent", () => {
  it("has the size that was asked for", () => {
    assert.equal(timedText(1234.5678, 1024).length, 1024);
    assert.equal(sentMs(timedText(1234.5678, 1024)), 1234.568);
    assert.throws(() => sentMs("hello"));
  });
});
