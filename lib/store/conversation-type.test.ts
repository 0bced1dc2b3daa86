import assert from "node:assert/strict";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { toType } from "./conversation-type.js";

describe("types of conversations in the directory", () => {
  it("have a name in the contract", () => {
    assert.deepEqual((["public", "private", "direct", "group"] as const).map(toType), [
      ConversationType.CONVERSATION_TYPE_PUBLIC,
      ConversationType.CONVERSATION_TYPE_PRIVATE,
      ConversationType.CONVERSATION_TYPE_DIRECT,
      ConversationType.CONVERSATION_TYPE_GROUP,
    ]);
  });
});
