import type { ReadMarked } from "../../../gen/confab/v1/types.js";
import type { MarkRow } from "../../../lib/store/projection-store.js";

/** How far a user has read each conversation, as the user's own channel says up to its tail. */
export class ReadMarks {
  readonly #marks = new Map<string, ReadMarked>();

  constructor(projected: readonly MarkRow[]) {
    for (const { channel, seq, id, messages } of projected) {
      this.#marks.set(channel, { channelId: channel, position: { seq, id }, messages });
    }
  }

  find(channel: string): ReadMarked | undefined {
    return this.#marks.get(channel);
  }

  apply(mark: ReadMarked): void {
    this.#marks.set(mark.channelId, mark);
  }

  /** The marks of these conversations; of all if none is named. */
  list(channels: readonly string[]): ReadMarked[] {
    if (channels.length === 0) return [...this.#marks.values()];
    return channels.map((channel) => this.find(channel)).filter((mark) => mark !== undefined);
  }
}
