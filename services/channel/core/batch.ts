import type { ChannelId, EventId, Position, Seq } from "../../../lib/ids/ids.js";
import type { Append, Bucket, LogRow, MessageKey } from "../../../lib/store/log-store.js";
import type { Asker } from "./answers.js";
import { bodyHash } from "./body-hash.js";
import {
  type EventKind,
  isTopLevel,
  keyOf,
  type NewEvent,
  type PlacedEvent,
  placeEvent,
  rowOf,
} from "./rows.js";
import { appendRowsMax } from "./tail.js";
import { Touched } from "./touched.js";
import type { CommandTrace } from "./tracer.js";

/** Most bytes of events of one append, unless a single event is larger. */
const appendBytesMax = 1024 * 1024;

interface BatchPost {
  readonly position: Position;
  readonly bodyHash: string;
}

/** Events that go into the log together, and who waits for each. */
export class Batch {
  readonly events: PlacedEvent[] = [];
  readonly waiting: { readonly asker: Asker; readonly position: Position }[] = [];
  /** Of the sampled ones among those who wait; undefined if there are none. */
  traces: CommandTrace[] | undefined;
  readonly #posts = new Map<string, BatchPost>();
  readonly #touched = new Touched();
  #seq: Seq;
  #id: EventId;
  #bytes = 0;

  /** @param tail the place that the batch follows */
  constructor(tail: Position) {
    this.#seq = tail.seq;
    this.#id = tail.id;
  }

  get isFull(): boolean {
    return this.events.length >= appendRowsMax || this.#bytes >= appendBytesMax;
  }

  /** Whether the events still go in; an empty batch takes anything. */
  hasRoomFor(events: readonly NewEvent[]): boolean {
    if (this.events.length === 0) return true;
    const bytes = events.reduce((sum, { kind }) => sum + textBytesBound(kind), this.#bytes);
    return this.events.length + events.length <= appendRowsMax && bytes <= appendBytesMax;
  }

  /** Whether an event was decided without knowing of one in the batch that matters to it. */
  conflictsWith(events: readonly NewEvent[]): boolean {
    return events.some((event) => this.#touched.conflictsWith(event));
  }

  /** Gives the event the next place; the id is the microsecond, or one more than the last. */
  add(event: NewEvent, now: number, trace?: CommandTrace): Position {
    this.#seq++;
    this.#id = Math.max(Math.floor(now * 1000), this.#id + 1);
    const position = { seq: this.#seq, id: this.#id };
    const placed = placeEvent(event, this.#seq, this.#id, trace);
    this.events.push(placed);
    this.#bytes += placed.encoded.byteLength;
    this.#touched.add(event);
    const { author, kind } = event;
    if (kind.$case === "messagePosted" && kind.value.clientMsgId !== "") {
      const post = { position, bodyHash: bodyHash(kind.value) };
      this.#posts.set(`${author} ${kind.value.clientMsgId}`, post);
    }
    return position;
  }

  /** Whoever asked is answered with the place once the batch is confirmed. */
  answerLater(asker: Asker, position: Position): void {
    this.waiting.push({ asker, position });
    if (!asker.trace) return;
    this.traces ??= [];
    this.traces.push(asker.trace);
  }

  /** The post of the batch that has this key. */
  find(author: string, clientMsgId: string): BatchPost | undefined {
    return this.#posts.get(`${author} ${clientMsgId}`);
  }

  /** The atomic write of the batch into a bucket. */
  toAppend(
    channel: ChannelId,
    bucket: Bucket,
    marks: Pick<LogRow, "epoch" | "projected" | "told">,
    messages: number,
  ): Append {
    const frame = { ...marks, first: this.events[0]!.event.seq, last: this.#seq };
    const rows: LogRow[] = [];
    let count = messages;
    for (const placed of this.events) {
      if (placed.event.kind && isTopLevel(placed.event.kind)) count++;
      rows.push(rowOf(placed, frame, count));
    }
    return { channel, bucket, rows, keys: keysOf(rows) };
  }
}

/** The keys of all rows that have one. */
export function keysOf(rows: readonly LogRow[]): MessageKey[] {
  return rows.map(keyOf).filter((key) => key !== undefined);
}

/** An upper bound of what a text takes encoded: three bytes for a UTF-16 unit. */
function textBytesBound(kind: EventKind): number {
  const hasText = kind.$case === "messagePosted" || kind.$case === "messageEdited";
  return hasText ? 3 * kind.value.text.length : 0;
}
