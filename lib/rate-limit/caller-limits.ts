import type { Caller } from "../auth/caller.js";
import type { Clock } from "../clock/clock.js";
import { KeyedBuckets } from "./keyed-buckets.js";
import type { Rate } from "./rate.js";
import { type OnRefused, type RateLimitName, rateLimited } from "./refuse.js";

/** What bounds the callers of a server. */
export interface CallerRates {
  readonly user: Rate;
  readonly token: Rate;
  readonly userConnects: Rate;
}

/** Bounds what each user, and each token, asks of a server. */
export class CallerLimits {
  readonly #users: KeyedBuckets;
  readonly #tokens: KeyedBuckets;
  readonly #connects: KeyedBuckets;

  constructor(
    rates: CallerRates,
    private readonly clock: Pick<Clock, "now">,
    private readonly onRefused: OnRefused = () => {},
  ) {
    this.#users = new KeyedBuckets(rates.user);
    this.#tokens = new KeyedBuckets(rates.token);
    this.#connects = new KeyedBuckets(rates.userConnects);
  }

  /**
   * Counts a call. What is refused costs nothing.
   *
   * @throws ConfabError `rate_limited`, with the time until both buckets hold the cost
   */
  call({ userId, tokenId }: Caller, cost: number): void {
    const now = this.clock.now();
    const userMs = this.#users.waitMs(userId, cost, now);
    const tokenMs = this.#tokens.waitMs(tokenId, cost, now);
    if (userMs > 0 || tokenMs > 0)
      this.#refuse(userMs >= tokenMs ? "user" : "token", Math.max(userMs, tokenMs));
    this.#users.take(userId, cost, now);
    this.#tokens.take(tokenId, cost, now);
  }

  /** Counts a ticket for a gateway. @throws ConfabError `rate_limited` */
  connect({ userId }: Pick<Caller, "userId">): void {
    const waitMs = this.#connects.take(userId, 1, this.clock.now());
    if (waitMs > 0) this.#refuse("user_connects", waitMs);
  }

  #refuse(limit: RateLimitName, waitMs: number): never {
    this.onRefused(limit);
    throw rateLimited(limit, waitMs);
  }
}
