import assert from "node:assert/strict";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { parseType } from "./answers.js";

describe("types of conversations", () => {
  it("can be wished if they are public or private", () => {
    assert.equal(parseType(ConversationType.CONVERSATION_TYPE_UNSPECIFIED, "type"), "public");
    assert.equal(parseType(ConversationType.CONVERSATION_TYPE_PUBLIC, "type"), "public");
    assert.equal(parseType(ConversationType.CONVERSATION_TYPE_PRIVATE, "type"), "private");
    for (const type of [ConversationType.CONVERSATION_TYPE_DIRECT, 99 as ConversationType]) {
      assert.throws(() => parseType(type, "type"), { code: "invalid_argument", field: "type" });
    }
  });
});
