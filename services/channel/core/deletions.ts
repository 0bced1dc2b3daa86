import type { EventId } from "../../../lib/ids/ids.js";

/** Most deleted messages that are left out of counts. */
export const deletionsMax = 1000;

/** The ids of a channel's last deleted top-level messages. */
export class Deletions {
  readonly #ids = new Set<EventId>();
  /** Those of before this term have been read from the store. */
  isComplete = false;

  /** @param messageId of the deleted message */
  add(messageId: EventId): void {
    this.#ids.add(messageId);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= deletionsMax) break;
      this.#ids.delete(oldest);
    }
  }

  /** Takes in those of before, newest first. */
  complete(older: readonly EventId[]): void {
    const newer = [...this.#ids];
    this.#ids.clear();
    for (const id of [...older].reverse()) this.#ids.add(id);
    for (const id of newer) this.add(id);
    this.isComplete = true;
  }

  /** How many messages with ids above the first, up to the second, were deleted. */
  aboveUpTo(after: EventId, upTo: EventId): number {
    let count = 0;
    for (const id of this.#ids) if (id > after && id <= upTo) count++;
    return count;
  }
}
