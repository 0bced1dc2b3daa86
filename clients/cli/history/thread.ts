import type { Message } from "../../../gen/confab/v1/types.js";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { Connection } from "../server/connection.js";

/** The message that a thread hangs on, then its replies, oldest first. */
export async function* listThread(
  connection: Connection,
  channelId: string,
  parentId: number,
): AsyncGenerator<Message> {
  let afterId = 0;
  for (;;) {
    const request = { channelId, parentId, afterId, limit: pageEventsMax };
    const { parent, replies, hasMore } = await connection.call(({ messaging }) =>
      messaging.listReplies(request),
    );
    if (afterId === 0 && parent) yield parent;
    yield* replies;
    const last = replies.at(-1);
    if (!hasMore || !last) return;
    afterId = last.id;
  }
}
