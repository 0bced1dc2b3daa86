import { Event } from "../../../gen/confab/v1/types.js";
import type { Epoch, EventId, Seq } from "../../../lib/ids/ids.js";
import type { LogRow, MessageKey } from "../../../lib/store/log-store.js";
import { bodyHash } from "./body-hash.js";
import type { Place } from "./target.js";
import type { CommandTrace } from "./tracer.js";

export type EventKind = NonNullable<Event["kind"]>;

/** An event before it has a place: who did what. */
export interface NewEvent {
  readonly author: string;
  readonly kind: EventKind;
  /** The message that it is about: what it changes or answers. */
  readonly target?: Place | undefined;
}

/** An event with its place, decoded and encoded. */
export interface PlacedEvent {
  readonly event: Event;
  readonly encoded: Uint8Array;
  readonly target?: Place | undefined;
  /** Of the sampled command that it came of. */
  readonly trace?: CommandTrace | undefined;
}

/** What the rows of one append have in common. */
export interface AppendFrame {
  readonly epoch: Epoch;
  readonly first: Seq;
  readonly last: Seq;
  readonly projected: Seq;
  readonly told: Seq;
}

export function placeEvent(
  { author, kind, target }: NewEvent,
  seq: Seq,
  id: EventId,
  trace?: CommandTrace,
): PlacedEvent {
  const event: Event = { seq, id, author, kind };
  return { event, encoded: Event.encode(event).finish(), target, trace };
}

/** The row that keeps an event; `messages` counts top-level messages up to and with it. */
export function rowOf({ event, encoded }: PlacedEvent, frame: AppendFrame, messages: number): LogRow {
  const posted = event.kind?.$case === "messagePosted" ? event.kind.value : undefined;
  return {
    seq: event.seq,
    epoch: frame.epoch,
    id: event.id,
    first: frame.first,
    last: frame.last,
    projected: frame.projected,
    told: frame.told,
    messages,
    kind: event.kind?.$case ?? "",
    author: event.author,
    clientMsgId: posted?.clientMsgId ?? "",
    parentId: posted?.parentId ?? 0,
    targetId: targetOf(event.kind),
    event: encoded,
  };
}

/** The key by which a retry of a row's post is recognised; undefined for rows without one. */
export function keyOf(row: LogRow): MessageKey | undefined {
  if (row.clientMsgId === "") return undefined;
  const { kind } = Event.decode(row.event);
  if (kind?.$case !== "messagePosted") return undefined;
  const { author, clientMsgId, epoch, seq } = row;
  return { author, clientMsgId, epoch, seq, bodyHash: bodyHash(kind.value) };
}

/** Whether an event counts as a message of the conversation itself, outside threads. */
export function isTopLevel(kind: EventKind): boolean {
  return kind.$case === "messagePosted" && (kind.value.parentId === 0 || kind.value.broadcast);
}

function targetOf(kind: Event["kind"]): EventId {
  switch (kind?.$case) {
    case "messageEdited":
    case "messageDeleted":
    case "reactionAdded":
    case "reactionRemoved":
    case "messagePinned":
    case "messageUnpinned":
      return kind.value.messageId;
    default:
      return 0;
  }
}
