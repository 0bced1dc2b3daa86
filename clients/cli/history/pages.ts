import { pageEventsDefault, pageEventsMax } from "../../../lib/limits/limits.js";
import type { Client, HistoryOptions, Message } from "../../sdk/node.js";

/** What reading a history takes. */
type Reader = Pick<Client, "history" | "messaging">;

/** The newest messages, oldest first. */
export async function newestMessages(client: Reader, channelId: string, count: number): Promise<Message[]> {
  const pageEvents = Math.min(pageEventsMax, Math.max(pageEventsDefault, count));
  return oldestFirst(client, channelId, { pageEvents }, count);
}

/**
 * All messages up to the newest at the beginning, oldest first, in pages. History is read downward, so each
 * page is a window that ends so many events above the one before: memory stays bounded however long the
 * channel is.
 */
export async function* allMessages(client: Reader, channelId: string): AsyncGenerator<Message[]> {
  const newest = (await client.messaging.listMessages({ channelId, limit: 1 })).newest?.seq ?? 0;
  for (let afterSeq = 0; afterSeq < newest; afterSeq += pageEventsMax) {
    const beforeSeq = Math.min(newest, afterSeq + pageEventsMax) + 1;
    yield await oldestFirst(client, channelId, { beforeSeq, afterSeq, pageEvents: pageEventsMax });
  }
}

async function oldestFirst(
  client: Reader,
  channelId: string,
  part: HistoryOptions,
  count = Number.POSITIVE_INFINITY,
): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of client.history(channelId, part)) {
    if (messages.push(message) === count) break;
  }
  return messages.reverse();
}
