/** Where what a client missed came from: the gateway's ring, the owner's memory, or the store. */
export type CatchUpSource = "ring" | "owner" | "store";

/** Told of what a gateway does, in the turn in which it does it; must cost next to nothing. */
export interface GatewayMeter {
  /** So many events went to a client that had missed them. */
  caughtUp(source: CatchUpSource, events: number): void;
}
