import type { Position } from "../../../lib/ids/ids.js";
import type { Feed } from "./feed.js";
import type { Follow } from "./follow.js";
import type { Session } from "./session.js";

/** What a follow needs only until it is live; from then on its position is the feed's. */
export class Approach {
  /** An answer lay below the position that the client named: the next one decides. */
  doubted = false;
  /** When the last question for this follow was sent, in ms since the Unix epoch. */
  askedAt = 0;

  constructor(
    readonly follow: Follow,
    readonly session: Session,
    readonly feed: Feed,
    /** Last event that the client has; undefined while asking, if it named none. */
    public position: Position | undefined,
  ) {}
}
