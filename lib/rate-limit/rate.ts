/** How much is let through: a token bucket that holds `burst` tokens and gains `perSecond` in a second. */
export interface Rate {
  /** Tokens a second; 0 lets everything through. */
  readonly perSecond: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
}

/**
 * A bucket is one number, the time at which it will be full again, in ms since the Unix epoch: the virtual
 * scheduling form of the Generic Cell Rate Algorithm (ITU-T I.371, annex A), which is a token bucket that
 * needs no timer. A bucket that was never used is full: any time in the past, 0 for instance, says so.
 */
export type FullAt = number;

/**
 * How many ms from now until the bucket holds so many tokens; 0 if it does now.
 *
 * @throws RangeError if a full bucket does not hold them
 */
export function waitMs(fullAt: FullAt, rate: Rate, cost: number, now: number): number {
  if (rate.perSecond === 0) return 0;
  if (cost > rate.burst) throw new RangeError(`a bucket of ${rate.burst} tokens never holds ${cost}`);
  const spendableMs = msOf(rate, rate.burst - cost);
  return Math.max(0, missingMs(fullAt, now) - spendableMs);
}

/** The bucket after so many tokens were taken out of it; `waitMs` says whether it held them. */
export function afterTaking(fullAt: FullAt, rate: Rate, cost: number, now: number): FullAt {
  return now + missingMs(fullAt, now) + msOf(rate, cost);
}

/** The bucket as a clock finds it that was set back: empty at worst. To be kept, or it would never fill. */
export function settled(fullAt: FullAt, rate: Rate, now: number): FullAt {
  return rate.perSecond === 0 ? fullAt : Math.min(fullAt, now + msOf(rate, rate.burst));
}

function missingMs(fullAt: FullAt, now: number): number {
  return Math.max(0, fullAt - now);
}

function msOf({ perSecond }: Rate, tokens: number): number {
  return (tokens * 1000) / perSecond;
}
