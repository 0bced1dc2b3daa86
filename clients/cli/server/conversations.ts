import { type Client, type Conversation, ConversationType } from "../../sdk/node.js";

/** All conversations that the caller may see: the public ones, then the caller's others. */
export async function* listConversations({ conversations }: Client): AsyncGenerator<Conversation> {
  yield* conversations.list();
  for await (const conversation of conversations.list({ mine: true })) {
    if (conversation.type !== ConversationType.CONVERSATION_TYPE_PUBLIC) yield conversation;
  }
}

/** How a conversation is called: `#name`, or its id if it has none. */
export function titleOf({ id, name }: Pick<Conversation, "id" | "name">): string {
  return name ? `#${name}` : id;
}
