import type { EventPage } from "../../../gen/confab/mesh/v1/log.js";
import type { ListEventsResponse } from "../../../gen/confab/v1/messaging.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Seq } from "../../../lib/ids/ids.js";

/** A page of events. Throws `invalid_position` when it was asked for behind the newest event. */
export function toEvents({ events, newest }: EventPage, afterSeq: Seq): ListEventsResponse {
  if (afterSeq > (newest?.seq ?? 0)) throw new ConfabError("invalid_position", "after_seq");
  return { events, newest };
}
