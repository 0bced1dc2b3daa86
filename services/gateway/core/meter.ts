/** Where what a client missed came from: the gateway's ring, the owner's memory, or the store. */
export type CatchUpSource = "ring" | "owner" | "store";

/** Told of what a gateway does, in the turn in which it does it; must cost next to nothing. */
export interface GatewayMeter {
  /** An event went to so many live followers. */
  delivered(followers: number): void;
  /** So many events went to a client that had missed them. */
  caughtUp(source: CatchUpSource, events: number): void;
  /** A client was told of events that will not come by themselves. */
  gapTold(): void;
  /** Events were missing on the stream from an owner, and are fetched. */
  feedGap(): void;
}
