import { ratedKeysMax } from "../limits/rate-limits.js";
import { LruSlots } from "./lru-slots.js";
import { afterTaking, type FullAt, type Rate, settled, waitMs } from "./rate.js";

/**
 * A bucket of the same size for each key, in bounded memory. Beyond the bound the key that was used longest
 * ago is forgotten, and has a full bucket when it comes again: the rate of a key is exact as long as no more
 * keys than the bound are in use within the time in which a bucket fills.
 */
export class KeyedBuckets {
  readonly #slots: LruSlots;
  readonly #fullAt: Float64Array;

  constructor(
    private readonly rate: Rate,
    keysMax = ratedKeysMax,
  ) {
    const isOff = rate.perSecond === 0;
    this.#slots = new LruSlots(isOff ? 0 : keysMax);
    this.#fullAt = new Float64Array(isOff ? 0 : keysMax);
  }

  /** In how many ms the key's bucket holds the tokens; 0 if it does now. */
  waitMs(key: string, cost: number, now: number): number {
    if (this.rate.perSecond === 0) return 0;
    const slot = this.#slots.peek(key);
    return waitMs(slot === undefined ? 0 : this.#settle(slot, now), this.rate, cost, now);
  }

  /** Takes the tokens and returns 0, or takes none and returns in how many ms they will be there. */
  take(key: string, cost: number, now: number): number {
    if (this.rate.perSecond === 0) return 0;
    const { slot, isNew } = this.#slots.use(key);
    if (isNew) this.#fullAt[slot] = 0;
    const fullAt = this.#settle(slot, now);
    const wait = waitMs(fullAt, this.rate, cost, now);
    if (wait === 0) this.#fullAt[slot] = afterTaking(fullAt, this.rate, cost, now);
    return wait;
  }

  #settle(slot: number, now: number): FullAt {
    const fullAt = settled(this.#fullAt[slot]!, this.rate, now);
    this.#fullAt[slot] = fullAt;
    return fullAt;
  }
}
