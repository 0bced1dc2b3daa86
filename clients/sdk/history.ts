import type { MessagingDefinition } from "../../gen/json/confab/v1/messaging.js";
import type { Event, Message } from "../../gen/json/confab/v1/types.js";
import { pageEventsDefault, pageEventsMax } from "../../lib/limits/limits.js";
import type { Service } from "./calls/services.js";

/** Which part of a history to read. */
export interface HistoryOptions {
  /** Only what is older than the event with this `seq`; from the newest unless given. */
  readonly beforeSeq?: number;
  /** Only what is newer than the event with this `seq`. */
  readonly afterSeq?: number;
  /** How many events to look through with one call, 1 to 1,000. */
  readonly pageEvents?: number;
}

/** A conversation's messages, newest first, read page by page as they are asked for. */
export async function* readHistory(
  messaging: Service<typeof MessagingDefinition>,
  channelId: string,
  { beforeSeq = 0, afterSeq = 0, pageEvents = pageEventsDefault }: HistoryOptions,
): AsyncGenerator<Message> {
  let before = beforeSeq;
  do {
    const limit = before === 0 ? pageEvents : Math.min(pageEvents, before - 1 - afterSeq);
    if (limit <= 0) return;
    const page = await messaging.listMessages({ channelId, beforeSeq: before, limit });
    for (const message of page.messages) if (message.seq > afterSeq) yield message;
    before = page.nextBeforeSeq;
  } while (before > 0);
}

/** A channel's events after a `seq` in their order, up to the newest when the last page was read. */
export async function* readEvents(
  messaging: Service<typeof MessagingDefinition>,
  channelId: string,
  afterSeq: number,
): AsyncGenerator<Event> {
  let after = afterSeq;
  for (;;) {
    const { events, newest } = await messaging.listEvents({
      channelId,
      afterSeq: after,
      limit: pageEventsMax,
    });
    yield* events;
    after = events.at(-1)?.seq ?? after;
    if (events.length === 0 || after >= (newest?.seq ?? 0)) return;
  }
}
