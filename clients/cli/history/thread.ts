import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { Client, Message } from "../../sdk/node.js";

/** The message that a thread hangs on, then its replies, oldest first. */
export async function* listThread(
  { messaging }: Pick<Client, "messaging">,
  channelId: string,
  parentId: number,
): AsyncGenerator<Message> {
  let afterId = 0;
  for (;;) {
    const request = { channelId, parentId, afterId, limit: pageEventsMax };
    const { parent, replies, hasMore } = await messaging.listReplies(request);
    if (afterId === 0 && parent) yield parent;
    yield* replies;
    const last = replies.at(-1);
    if (!hasMore || !last) return;
    afterId = last.id;
  }
}
