import type { Event } from "../../../gen/confab/v1/types.js";
import type { StoredSeqs } from "./stored-seqs.js";

/** Looks at each event in the turn in which it came. */
export class Witness {
  /** Events that came before they were stored. */
  beforeStored = 0;
  /** Events that were not the same for all: another id under one `seq`. */
  different = 0;
  readonly #ids = new Map<string, Map<number, number>>();

  constructor(private readonly stored: Pick<StoredSeqs, "reaches">) {}

  saw(channelId: string, event: Event): void {
    if (!this.stored.reaches(channelId, event.seq)) this.beforeStored++;
    const ids = this.#ids.get(channelId) ?? new Map<number, number>();
    this.#ids.set(channelId, ids);
    if ((ids.get(event.seq) ?? event.id) !== event.id) this.different++;
    ids.set(event.seq, event.id);
  }
}
