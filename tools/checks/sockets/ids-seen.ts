import type { Event } from "../../../gen/confab/v1/types.js";

/** Compares what clients got with each other, and in the end with what is stored. */
export class IdsSeen {
  /** Events that were not the same for all: another id under one `seq`. */
  different = 0;
  readonly #ids = new Map<string, Map<number, number>>();

  saw(channelId: string, { seq, id }: Pick<Event, "seq" | "id">): void {
    const ids = this.#ids.get(channelId) ?? new Map<number, number>();
    this.#ids.set(channelId, ids);
    if ((ids.get(seq) ?? id) !== id) this.different++;
    ids.set(seq, id);
  }
}
