import { backoffFirstMsMax, backoffMsMax } from "../limits.js";

/**
 * Pauses between tries: exponential with full jitter ("Exponential Backoff and Jitter", AWS Architecture
 * Blog, 2015), so that many clients do not come back together.
 */
export class Backoff {
  #tries = 0;

  /** @param random a number from 0 to below 1 */
  constructor(private readonly random: () => number) {}

  /** The next pause in ms, on top of what the server asked for. */
  next(askedMs = 0): number {
    const most = Math.min(backoffMsMax, backoffFirstMsMax * 2 ** this.#tries);
    this.#tries += 1;
    return askedMs + this.random() * most;
  }

  /** All is well: the next pause is short again. */
  reset(): void {
    this.#tries = 0;
  }
}
