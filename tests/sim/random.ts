/** Multiplier of the generator's 64-bit state, and the constant that makes stream numbers odd, in halves. */
const multiplierHigh = 0x5851f42d;
const multiplierLow = 0x4c957f2d;

/**
 * Seeded random numbers: PCG-XSH-RR with 64 bits of state and 32 of output (M. E. O'Neill, HMC-CS-2014-0905;
 * https://www.pcg-random.org). The same seed and stream give the same numbers for ever.
 */
export class Random {
  private high = 0;
  private low = 0;
  private readonly streamHigh: number;
  private readonly streamLow: number;

  /** Both numbers are whole, from 0 below 2^53. */
  constructor(
    private readonly seed: number,
    stream = 0,
  ) {
    this.streamHigh = (Math.floor(stream / 2 ** 31) | 0) >>> 0;
    this.streamLow = ((stream << 1) | 1) >>> 0;
    this.step();
    const low = this.low + (seed >>> 0);
    this.high = (this.high + Math.floor(seed / 2 ** 32) + (low > 0xffffffff ? 1 : 0)) >>> 0;
    this.low = low >>> 0;
    this.step();
  }

  /** A whole number from 0 below 2^32. */
  next(): number {
    const { high, low } = this;
    this.step();
    const mixedHigh = (high ^ (high >>> 18)) >>> 0;
    const mixedLow = (low ^ ((low >>> 18) | (high << 14))) >>> 0;
    const word = (mixedLow >>> 27) | (mixedHigh << 5);
    const turn = high >>> 27;
    return ((word >>> turn) | (word << (-turn & 31))) >>> 0;
  }

  /** A number from 0 below 1, as `Math.random`. */
  readonly fraction = (): number => this.next() / 2 ** 32;

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return probability > 0 && this.fraction() < probability;
  }

  /** A number from `low` below `high`. */
  between(low: number, high: number): number {
    return low + this.fraction() * (high - low);
  }

  /** A whole number from 0 below `count`. */
  below(count: number): number {
    return Math.floor(this.fraction() * count);
  }

  /** One of several. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** Numbers of their own for a purpose: how many others draw does not change them. */
  fork(purpose: string): Random {
    let stream = 0;
    for (let i = 0; i < purpose.length; i++) stream = (stream * 31 + purpose.charCodeAt(i)) % 2 ** 40;
    return new Random(this.seed, stream * 2 + 1);
  }

  /**
   * state = state * multiplier + stream, modulo 2^64, in 16-bit pieces where 32-bit products would lose
   * bits.
   */
  private step(): void {
    const { high, low } = this;
    const lowHalf = low & 0xffff;
    const highHalf = low >>> 16;
    const first = lowHalf * (multiplierLow & 0xffff);
    const second = highHalf * (multiplierLow & 0xffff) + (first >>> 16);
    const third = lowHalf * (multiplierLow >>> 16) + (second % 0x10000);
    const carry =
      highHalf * (multiplierLow >>> 16) + Math.floor(second / 0x10000) + Math.floor(third / 0x10000);
    const productLow = Math.imul(low, multiplierLow) >>> 0;
    const productHigh = carry + Math.imul(low, multiplierHigh) + Math.imul(high, multiplierLow);
    const sum = productLow + this.streamLow;
    this.low = sum >>> 0;
    this.high = (productHigh + this.streamHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0;
  }
}
