import type { Problem } from "../../../gen/confab/v1/messaging.js";
import {
  type Conversation,
  ConversationType,
  type User,
  type Workspace,
} from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { toType } from "../../../lib/store/conversation-type.js";
import type { ConversationRow, UserRow, WorkspaceRow } from "../../../lib/store/directory-store.js";

/** Shapes a workspace for callers. */
export function toWorkspace({ id, name }: WorkspaceRow): Workspace {
  return { id, name };
}

/** Shapes a user for callers. */
export function toUser(row: UserRow): User {
  const { id, workspaceId, name, displayName, bot, deactivated } = row;
  return { id, workspaceId, name, displayName, bot, deactivated };
}

/** Shapes a conversation for callers. */
export function toConversation(row: ConversationRow): Conversation {
  const { id, workspaceId, name, topic, purpose, creator, createdUs, archived } = row;
  return { id, workspaceId, name, type: toType(row.type), topic, purpose, creator, createdUs, archived };
}

/** The type that a caller wishes for a conversation with a name. Throws `invalid_argument` for any other. */
export function parseType(type: ConversationType, field: string): "public" | "private" {
  switch (type) {
    case ConversationType.CONVERSATION_TYPE_UNSPECIFIED:
    case ConversationType.CONVERSATION_TYPE_PUBLIC:
      return "public";
    case ConversationType.CONVERSATION_TYPE_PRIVATE:
      return "private";
    default:
      throw new ConfabError("invalid_argument", field, `${field} must be PUBLIC or PRIVATE`);
  }
}

/** An error as part of an answer. */
export function toProblem({ code, message, field, retryMs }: ConfabError): Problem {
  return { code, message, field, retryMs: Math.ceil(retryMs) };
}
