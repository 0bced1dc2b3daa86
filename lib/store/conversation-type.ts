import { ConversationType } from "../../gen/confab/v1/types.js";
import type { ConversationRow } from "./directory-store.js";

/** The contract's name for a type of conversation. */
export function toType(type: ConversationRow["type"]): ConversationType {
  switch (type) {
    case "public":
      return ConversationType.CONVERSATION_TYPE_PUBLIC;
    case "private":
      return ConversationType.CONVERSATION_TYPE_PRIVATE;
    case "direct":
      return ConversationType.CONVERSATION_TYPE_DIRECT;
    case "group":
      return ConversationType.CONVERSATION_TYPE_GROUP;
    default:
      throw new Error(`unknown type of conversation ${type satisfies never}`);
  }
}
