import assert from "node:assert/strict";
import { InvalidArgumentError } from "commander";
import { messageId } from "./arguments.js";

describe("a message on the command line", () => {
  it("is named by its microseconds, or by seconds and microseconds", () => {
    assert.equal(messageId("1700000000000100"), 1_700_000_000_000_100);
    assert.equal(messageId("1700000000.000100"), 1_700_000_000_000_100);
  });

  it("is nothing else", () => {
    const texts = [
      "",
      "0",
      "0.000000",
      "-1",
      "1e3",
      "1.5",
      ".000100",
      "1700000000.0001000",
      "9999999999999999",
    ];
    for (const text of texts) assert.throws(() => messageId(text), InvalidArgumentError, text);
  });
});
