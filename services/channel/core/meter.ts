import type { ChannelId } from "../../../lib/ids/ids.js";

/** Where events came from: the owner's memory or the store. */
export type ReadSource = "memory" | "store";

/** Told of what an owner does, in the turn in which it does it; must cost next to nothing. */
export interface OwnerMeter {
  /** A command has its answer: `ok` or the name of the error. */
  answered(code: string): void;
  /** So many messages are stored and confirmed. */
  posted(messages: number): void;
  /** A channel's log was found in the store, and the channel serves. */
  activated(channel: ChannelId): void;
  /** A channel that was idle is no longer in memory. */
  evicted(channel: ChannelId): void;
  /** The last append of an owner that did not release was written again. */
  proposedAgain(): void;
  /** So many events were read, for a page or for a gateway. */
  read(source: ReadSource, events: number): void;
  /** A command found its channel's bucket empty. */
  rateLimited(): void;
}
