import type { EventPage } from "../../../gen/confab/mesh/v1/log.js";
import type { ListEventsResponse, ListMessagesResponse } from "../../../gen/confab/v1/messaging.js";
import { Event, type Message } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Seq } from "../../../lib/ids/ids.js";

/** Most bytes of the events of a page; well below the 4 MiB that gRPC clients take unless told otherwise. */
const pageBytesMax = 2 * 1024 * 1024;

/** A page of events. Throws `invalid_position` when it was asked for behind the newest event. */
export function toEvents({ events, newest }: EventPage, afterSeq: Seq): ListEventsResponse {
  if (afterSeq > (newest?.seq ?? 0)) throw new ConfabError("invalid_position", "after_seq");
  return { events: withinBytes(events), newest };
}

/** The messages among the events of a page, which are in descending order. */
export function toMessages({ events, newest }: EventPage): ListMessagesResponse {
  const seen = withinBytes(events);
  const messages = seen.flatMap(toMessage);
  const oldest = seen.at(-1)?.seq ?? 0;
  return { messages, nextBeforeSeq: oldest > 1 ? oldest : 0, newest };
}

/** As many of the first events as fit, but at least one. */
function withinBytes(events: Event[]): Event[] {
  let bytes = 0;
  const firstTooMany = events.findIndex((event, i) => {
    bytes += Event.encode(event).finish().length;
    return i > 0 && bytes > pageBytesMax;
  });
  return firstTooMany < 0 ? events : events.slice(0, firstTooMany);
}

/**
 * The message that an event posted outside threads, as it was posted; without text it has been deleted since.
 */
function toMessage({ id, seq, author, kind }: Event): Message[] {
  if (kind?.$case !== "messagePosted") return [];
  const { text, clientMsgId, parentId, broadcast } = kind.value;
  if (parentId !== 0 && !broadcast) return [];
  const posted = { id, seq, author, text, clientMsgId, parentId, deleted: text === "" };
  return [{ ...posted, editedId: 0, reactions: [], thread: undefined, pinned: false }];
}
