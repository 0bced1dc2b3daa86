import { type Clock, sleep } from "../../../lib/clock/clock.js";
import { ConfabError, errorTable } from "../../../lib/errors/errors.js";

/** Longest wait between two tries, in milliseconds. */
const pauseMsMax = 5000;
/** The wait grows from this, unless the error names a time, in milliseconds. */
const pauseMsMin = 100;

/** What waiting takes. */
export interface PatienceParts {
  readonly clock: Clock;
  /** a number from 0 to below 1 */
  readonly random: () => number;
  /** Ends every wait. */
  readonly stop: AbortSignal;
}

/** Waits between tries, exponentially with full jitter, until nothing has succeeded for too long. */
export class Patience {
  #failures = 0;
  #progressAt: number;

  constructor(
    private readonly parts: PatienceParts,
    /** How long to try without any success, in milliseconds. */
    private readonly timeoutMs: number,
  ) {
    this.#progressAt = parts.clock.now();
  }

  /** Something succeeded. */
  renew(): void {
    this.#failures = 0;
    this.#progressAt = this.parts.clock.now();
  }

  /** Waits until the next try. @throws the error itself when another try is of no use or comes too late */
  async after(error: unknown): Promise<void> {
    const { clock, random, stop } = this.parts;
    if (!isRetryable(error) || stop.aborted) throw error;
    const pauseMs = random() * Math.min(pauseMsMax, (error.retryMs || pauseMsMin) * 2 ** this.#failures);
    this.#failures += 1;
    if (clock.now() + pauseMs >= this.#progressAt + this.timeoutMs) throw error;
    await sleep(clock, pauseMs, stop);
    if (stop.aborted) throw error;
  }
}

/** Whether the same request may succeed later. */
export function isRetryable(error: unknown): error is ConfabError {
  return error instanceof ConfabError && errorTable[error.code].retry;
}
