import type { Position, Seq } from "../../../lib/ids/ids.js";
import type { Feed } from "./feed.js";
import type { Follow } from "./follow.js";
import type { Session } from "./session.js";

/** What a follow needs only until it is live; from then on its position is the feed's. */
export class Approach {
  /** An answer lay below the position that the client named: the next one decides. */
  doubted = false;
  /** When the last question for this follow was sent, in ms since the Unix epoch. */
  askedAt = 0;
  /**
   * The user's joining, by its `seq`, once the owner has told: a removal below it is undone by it, wherever
   * the feed is. Until the feed has come up to it, the follow stays an approach, so that this is known.
   */
  joined: Seq = 0;

  constructor(
    readonly follow: Follow,
    readonly session: Session,
    readonly feed: Feed,
    /** Last event that the client has; undefined while asking, if it named none. */
    public position: Position | undefined,
  ) {}
}
