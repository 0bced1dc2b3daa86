import type { Event } from "../../../gen/confab/v1/types.js";
import type { EventId, Seq } from "../../../lib/ids/ids.js";
import { hash32 } from "../../../lib/ring/slot.js";
import type { Annotations } from "./annotations.js";
import { isTopLevel } from "./rows.js";

/** Where a message is, and where it counts. */
export interface Place {
  readonly seq: Seq;
  /** Message that it answers; 0 outside threads. */
  readonly parentId: EventId;
  /** It counts as a message of the conversation itself. */
  readonly isTopLevel: boolean;
}

/** A message that commands are about, as far as they need to know it. */
export interface Target extends Place {
  readonly id: EventId;
  readonly author: string;
  /** Tells its first text from others. */
  readonly textMark: string;
  readonly annotations: Annotations;
}

/** Where the message is that an event posted; undefined for events that posted none. */
export function placeOf({ seq, kind }: Event): Place | undefined {
  if (kind?.$case !== "messagePosted") return undefined;
  const { parentId } = kind.value;
  return { seq, parentId, isTopLevel: isTopLevel(kind) };
}

/** The message that an event posted, as the target of commands; undefined for events that posted none. */
export function targetOf(event: Event, annotations: Annotations): Target | undefined {
  const { id, author, kind } = event;
  const place = placeOf(event);
  if (!place || kind?.$case !== "messagePosted") return undefined;
  return { ...place, id, author, textMark: textMark(kind.value.text), annotations };
}

/** Whether the message was deleted. */
export function isDeleted({ annotations, textMark: mark }: Target): boolean {
  return annotations.deletion !== undefined || mark === textMark("");
}

/** 64 bits of a text, so that texts need not be kept to be compared. */
export function textMark(text: string): string {
  return `${hash32(text)} ${hash32(`${text}#${text.length}`)}`;
}
