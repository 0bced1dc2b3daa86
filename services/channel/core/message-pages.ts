import type { ListMessagesResponse, ListRepliesResponse } from "../../../gen/confab/v1/messaging.js";
import { type Event, Message } from "../../../gen/confab/v1/types.js";
import type { Position, Seq } from "../../../lib/ids/ids.js";
import { pageBytesMax } from "../../../lib/limits/limits.js";
import type { AnnotationRow } from "../../../lib/store/projection-store.js";
import type { Overlay } from "./overlay.js";
import { isTopLevel } from "./rows.js";
import type { FoundReplies } from "./store-work.js";

/**
 * A page of history: of the events, which ascend without a gap, the messages outside threads, newest first.
 */
export function historyPage(
  events: readonly Event[],
  rows: readonly AnnotationRow[],
  overlay: Overlay,
  newest: Position,
): ListMessagesResponse {
  const cells = groupByTarget(rows);
  const messages: Message[] = [];
  const bytes = new ByteCount();
  for (const event of events.toReversed()) {
    const shown = event.kind !== undefined && isTopLevel(event.kind);
    const message = shown ? overlay.view({ event, cells: cells.get(event.seq) ?? [] }) : undefined;
    if (!message) continue;
    if (!bytes.fits(message)) return { messages, nextBeforeSeq: event.seq + 1, newest };
    messages.push(message);
  }
  const oldest = events[0]?.seq ?? 0;
  return { messages, nextBeforeSeq: oldest > 1 ? oldest : 0, newest };
}

/**
 * A page of a thread out of its replies, ascending: at least one more than fit, if there are so many, or
 * else cut.
 */
export function threadPage(
  parent: Message,
  { replies: found, isCut }: FoundReplies,
  overlay: Overlay,
  limit: number,
): ListRepliesResponse {
  const replies: Message[] = [];
  const bytes = new ByteCount();
  for (const reply of found) {
    const message = overlay.view(reply);
    if (!message) continue;
    if (replies.length >= limit || !bytes.fits(message)) return { parent, replies, hasMore: true };
    replies.push(message);
  }
  return { parent, replies, hasMore: isCut };
}

/** Ends a page before it gets too large; one message always fits. */
class ByteCount {
  #bytes = 0;

  fits(message: Message): boolean {
    const isFirst = this.#bytes === 0;
    this.#bytes += Message.encode(message).finish().byteLength;
    return isFirst || this.#bytes <= pageBytesMax;
  }
}

function groupByTarget(rows: readonly AnnotationRow[]): Map<Seq, AnnotationRow[]> {
  const groups = new Map<Seq, AnnotationRow[]>();
  for (const row of rows) {
    const group = groups.get(row.target) ?? [];
    groups.set(row.target, group);
    group.push(row);
  }
  return groups;
}
