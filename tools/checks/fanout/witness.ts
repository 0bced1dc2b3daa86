import type { Event } from "../../../gen/confab/v1/types.js";
import { IdsSeen } from "../sockets/ids-seen.js";
import type { StoredSeqs } from "./stored-seqs.js";

/** Looks at each event in the turn in which it came. */
export class Witness {
  /** Events that came before they were stored. */
  beforeStored = 0;
  readonly #ids = new IdsSeen();

  constructor(private readonly stored: Pick<StoredSeqs, "reaches">) {}

  /** Events that were not the same for all: another id under one `seq`. */
  get different(): number {
    return this.#ids.different;
  }

  saw(channelId: string, event: Event): void {
    if (!this.stored.reaches(channelId, event.seq)) this.beforeStored++;
    this.#ids.saw(channelId, event);
  }
}
