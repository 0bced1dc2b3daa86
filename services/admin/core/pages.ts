import type { EventPage } from "../../../gen/confab/mesh/v1/log.js";
import type { ListEventsResponse } from "../../../gen/confab/v1/messaging.js";
import { Event } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Seq } from "../../../lib/ids/ids.js";
import { pageBytesMax } from "../../../lib/limits/limits.js";

/** A page of events. Throws `invalid_position` when it was asked for behind the newest event. */
export function toEvents({ events, newest }: EventPage, afterSeq: Seq): ListEventsResponse {
  if (afterSeq > (newest?.seq ?? 0)) throw new ConfabError("invalid_position", "after_seq");
  return { events: withinBytes(events), newest };
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
