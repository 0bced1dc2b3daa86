import type { ConfabError } from "../../lib/errors/errors.js";
import type { UserId } from "../../lib/ids/ids.js";
import { KeyedBuckets } from "../../lib/rate-limit/keyed-buckets.js";
import type { Rate } from "../../lib/rate-limit/rate.js";
import { type OnRefused, type RateLimitName, rateLimited } from "../../lib/rate-limit/refuse.js";
import { TokenBucket } from "../../lib/rate-limit/token-bucket.js";

/** What bounds the clients of a gateway. */
export interface SocketRates {
  readonly connectionFrames: Rate;
  readonly userConnects: Rate;
  readonly gatewayConnects: Rate;
}

/** Bounds how many connect, how often each user does, and what each connection sends. */
export class SocketLimits {
  readonly #users: KeyedBuckets;
  readonly #gateway: TokenBucket;

  constructor(
    private readonly rates: SocketRates,
    private readonly onRefused: OnRefused = () => {},
  ) {
    this.#users = new KeyedBuckets(rates.userConnects);
    this.#gateway = new TokenBucket(rates.gatewayConnects);
  }

  /**
   * Counts a client with a good ticket; the refusal if it must not come in now. A user who comes too often
   * costs the others nothing.
   */
  letIn(user: UserId, now: number): ConfabError | undefined {
    const ofUser = this.#refusal("user_connects", this.#users.take(user, 1, now));
    return ofUser ?? this.#refusal("gateway_connects", this.#gateway.take(1, now));
  }

  /** Makes what counts the frames of one connection and gives the refusal of one too many. */
  newConnection(): (now: number) => ConfabError | undefined {
    const bucket = new TokenBucket(this.rates.connectionFrames);
    return (now) => this.#refusal("connection_frames", bucket.take(1, now));
  }

  #refusal(limit: RateLimitName, waitMs: number): ConfabError | undefined {
    if (waitMs === 0) return undefined;
    this.onRefused(limit);
    return rateLimited(limit, waitMs);
  }
}
