import type { FeedEvent } from "./feed.js";

/** Told of sampled events only: those that carry a `creationTraceparent`. */
export interface DeliveryTracer {
  /** An event goes to the live followers of its channel, now; the result is to be called when it has. */
  delivering(channel: string, event: FeedEvent): () => void;
  /** An event went to a client that had missed it. */
  caughtUp(channel: string, event: FeedEvent): void;
}
