import type { Position } from "../../../lib/ids/ids.js";
import type { Feed } from "./feed.js";
import type { Session } from "./session.js";

/**
 * One connection's delivery of one channel:
 * - `asking`: whether the user may have it is being asked;
 * - `catchingUp`: what the client missed is being sent, up to the feed's position;
 * - `live`: the client has, or knows that it will not get, everything up to the feed's position.
 */
export type FollowState = "asking" | "catchingUp" | "live";

export class Follow {
  state: FollowState = "asking";
  /**
   * Last event that the client has; undefined while asking, if it named none. While live it is the feed's.
   */
  position: Position | undefined;
  /** An answer lay below the position that the client named: the next one decides. */
  doubted = false;
  /** When the last question for this follow was sent, in ms since the Unix epoch. */
  askedAt = 0;

  constructor(
    readonly session: Session,
    readonly feed: Feed,
    /** Request that asked for it. */
    readonly requestId: number,
    from: Position | undefined,
  ) {
    this.position = from;
  }
}
