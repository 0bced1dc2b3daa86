import type { Event, Message, ThreadSummary } from "../../../gen/confab/v1/types.js";
import type { EventId } from "../../../lib/ids/ids.js";
import { Annotations, type Cell, cellOf } from "./annotations.js";
import { messageView } from "./message-view.js";
import type { ToProject } from "./projector.js";
import type { FoundMessage } from "./store-work.js";
import { afterChange, parseSummary, threadChangeOf } from "./threads.js";

/** What the store may not have yet of what was put on messages, as of one moment. */
export class Overlay {
  readonly #pending: readonly ToProject[];
  readonly #cells = new Map<EventId, Cell[]>();

  /** @param pending confirmed events that may not be projected, ascending */
  constructor(pending: readonly ToProject[]) {
    this.#pending = [...pending];
    for (const { event } of pending) {
      const write = cellOf(event);
      if (!write) continue;
      const cells = this.#cells.get(write.messageId) ?? [];
      this.#cells.set(write.messageId, cells);
      cells.push(write.cell);
    }
  }

  /** A message with everything that was put on it; undefined if the event posted none. */
  view({ event, cells }: FoundMessage): Message | undefined {
    const annotations = new Annotations([...cells, ...(this.#cells.get(event.id) ?? [])]);
    return messageView(event, annotations, this.#threadOf(event.id, annotations.find("thread")));
  }

  /** Replies to a message above an id. */
  replies(parentId: EventId, after: EventId): Event[] {
    const events = this.#pending.map(({ event }) => event);
    return events.filter(
      ({ id, kind }) => id > after && kind?.$case === "messagePosted" && kind.value.parentId === parentId,
    );
  }

  #threadOf(parentId: EventId, cell: Cell | undefined): ThreadSummary | undefined {
    let summary = cell && parseSummary(cell.value);
    for (const one of this.#pending) {
      const change = threadChangeOf(one);
      const isNew = one.event.id > (cell?.id ?? 0);
      if (change?.parentId === parentId && isNew) summary = afterChange(summary, change);
    }
    return summary;
  }
}
