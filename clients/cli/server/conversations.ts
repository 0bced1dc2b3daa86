import { type Conversation, ConversationType } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { parseConversationId } from "../../../lib/ids/ids.js";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { Connection } from "./connection.js";

/** The conversation that a person means: its name, with or without `#`, or its id. */
export async function findConversation(connection: Connection, text: string): Promise<Conversation> {
  const request = parseConversationId(text)
    ? { channelId: text, name: "" }
    : { channelId: "", name: text.replace(/^#/, "") };
  const { conversation } = await connection.call(({ directory }) => directory.getConversation(request));
  if (!conversation) throw new ConfabError("channel_not_found");
  return conversation;
}

/** All conversations that the caller may see: the public ones, then the caller's others. */
export async function* listConversations(connection: Connection): AsyncGenerator<Conversation> {
  yield* listPages(connection, false);
  for await (const conversation of listPages(connection, true)) {
    if (conversation.type !== ConversationType.CONVERSATION_TYPE_PUBLIC) yield conversation;
  }
}

async function* listPages(connection: Connection, mine: boolean): AsyncGenerator<Conversation> {
  let pageToken = "";
  do {
    const request = { pageToken, limit: pageEventsMax, mine };
    const page = await connection.call(({ directory }) => directory.listConversations(request));
    yield* page.conversations;
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
}

/** How a conversation is called: `#name`, or its id if it has none. */
export function titleOf({ id, name }: Pick<Conversation, "id" | "name">): string {
  return name ? `#${name}` : id;
}
