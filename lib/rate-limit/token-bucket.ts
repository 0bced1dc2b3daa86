import { afterTaking, type FullAt, type Rate, settled, waitMs } from "./rate.js";

/** One bucket. */
export class TokenBucket {
  #fullAt: FullAt = 0;

  constructor(private readonly rate: Rate) {}

  /** A new one would be no fuller. */
  isFull(now: number): boolean {
    this.#fullAt = settled(this.#fullAt, this.rate, now);
    return this.#fullAt <= now;
  }

  /** Takes the tokens and returns 0, or takes none and returns in how many ms they will be there. */
  take(cost: number, now: number): number {
    if (this.rate.perSecond === 0) return 0;
    this.#fullAt = settled(this.#fullAt, this.rate, now);
    const wait = waitMs(this.#fullAt, this.rate, cost, now);
    if (wait === 0) this.#fullAt = afterTaking(this.#fullAt, this.rate, cost, now);
    return wait;
  }
}
