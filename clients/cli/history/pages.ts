import type { ListMessagesResponse } from "../../../gen/confab/v1/messaging.js";
import type { Message } from "../../../gen/confab/v1/types.js";
import { pageEventsDefault, pageEventsMax } from "../../../lib/limits/limits.js";
import type { Connection } from "../server/connection.js";

/** The newest messages, oldest first. */
export async function newestMessages(
  connection: Connection,
  channelId: string,
  count: number,
): Promise<Message[]> {
  const messages: Message[] = [];
  let beforeSeq = 0;
  do {
    const limit = Math.min(pageEventsMax, Math.max(pageEventsDefault, count - messages.length));
    const page = await listMessages(connection, channelId, beforeSeq, limit);
    messages.push(...page.messages);
    beforeSeq = page.nextBeforeSeq;
  } while (beforeSeq > 0 && messages.length < count);
  return messages.slice(0, count).reverse();
}

/**
 * All messages up to the newest at the beginning, oldest first, in pages. History is read downward, so each
 * page is a window that ends so many events above the one before: memory stays bounded however long the
 * channel is.
 */
export async function* allMessages(connection: Connection, channelId: string): AsyncGenerator<Message[]> {
  const newest = (await listMessages(connection, channelId, 0, 1)).newest?.seq ?? 0;
  for (let done = 0; done < newest; done = Math.min(newest, done + pageEventsMax)) {
    yield await readWindow(connection, channelId, done, Math.min(newest, done + pageEventsMax));
  }
}

/**
 * The messages above one `seq` up to another, oldest first; a page that would be too large comes in parts.
 */
async function readWindow(connection: Connection, channelId: string, above: number, upTo: number) {
  const messages: Message[] = [];
  let beforeSeq = upTo + 1;
  do {
    const page = await listMessages(connection, channelId, beforeSeq, beforeSeq - 1 - above);
    messages.push(...page.messages);
    beforeSeq = page.nextBeforeSeq;
  } while (beforeSeq > above + 1);
  return messages.reverse();
}

function listMessages(
  connection: Connection,
  channelId: string,
  beforeSeq: number,
  limit: number,
): Promise<ListMessagesResponse> {
  return connection.call(({ messaging }) => messaging.listMessages({ channelId, beforeSeq, limit }));
}
