import type { Event } from "../../gen/confab/v1/types.js";
import type { EventId } from "../ids/ids.js";

/** The message whose text an event holds: its own id, or that of the message it edits; 0 if none. */
export function messageOf({ id, kind }: Event): EventId {
  if (kind?.$case === "messagePosted") return id;
  return kind?.$case === "messageEdited" ? kind.value.messageId : 0;
}

/** The message whose texts an event deletes; 0 if none. */
export function deletedBy({ kind }: Pick<Event, "kind">): EventId {
  return kind?.$case === "messageDeleted" ? kind.value.messageId : 0;
}

/** The event as it is once its message was deleted: without text, else the same. */
export function withoutText(event: Event): Event {
  const { kind } = event;
  switch (kind?.$case) {
    case "messagePosted":
      return { ...event, kind: { $case: kind.$case, value: { ...kind.value, text: "" } } };
    case "messageEdited":
      return { ...event, kind: { $case: kind.$case, value: { ...kind.value, text: "" } } };
    default:
      return event;
  }
}

/** Hides the texts of deleted messages, wherever the events come from. */
export function hideDeleted(events: readonly Event[], deleted: ReadonlySet<EventId>): Event[] {
  if (deleted.size === 0) return [...events];
  return events.map((event) => (deleted.has(messageOf(event)) ? withoutText(event) : event));
}
