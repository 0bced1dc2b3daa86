import type { MemberAnswer } from "../../../gen/confab/mesh/v1/attach.js";
import { ServerFrame, UnsubscribedReason } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { type Position, parseUserId, type Seq } from "../../../lib/ids/ids.js";
import { catchUp, sendMissed } from "./catch-up.js";
import type { Feed, FeedEvent } from "./feed.js";
import type { Follow } from "./follow.js";
import type { GatewayMeter } from "./meter.js";
import type { OwnerStreams } from "./owner-streams.js";
import type { Session } from "./session.js";

/** A question to the owner without an answer is asked again after this long, in ms. */
const silenceMsMax = 3000;
const nowhere: Position = { seq: 0, id: 0 };

/** Is told what becomes of follows that their clients did not end. */
export interface FollowsListener {
  /** The user may have the channel; delivery has begun. */
  admitted(follow: Follow, now: number): void;
  /** A follow was refused; returns whether the client is to know. */
  refused(follow: Follow, error: ConfabError, now: number): boolean;
  /** The user's membership ended with this event, and the follow with it. */
  left(follow: Follow, seq: Seq, now: number): void;
}

/**
 * Brings followers from their request over entitlement and catch-up into the live audience, and out again.
 */
export class Follows {
  constructor(
    private readonly streams: OwnerStreams,
    private readonly listener: FollowsListener,
    private readonly meter?: GatewayMeter,
  ) {}

  add(follow: Follow, now: number): void {
    const { feed, session } = follow;
    session.follows.set(feed.id, follow);
    feed.follows.add(follow);
    feed.asking.add(follow);
    feed.idleSince = undefined;
    this.#ask(follow, now);
  }

  remove(follow: Follow, now: number): void {
    const { feed, session } = follow;
    session.follows.delete(feed.id);
    feed.follows.delete(follow);
    feed.asking.delete(follow);
    feed.behind.delete(follow);
    feed.audience.remove(follow);
    if (feed.follows.size === 0) feed.idleSince = now;
  }

  /** The owner's answer, exact at its place on the stream: all that the feed had before came before it. */
  answered(feed: Feed, { userId, member, newest = nowhere }: MemberAnswer, now: number): void {
    for (const follow of [...feed.asking]) {
      if (follow.session.identity.userId !== userId) continue;
      // A user's own channel is there before anything happens in it, and for nobody else.
      const isThere = member || (newest.seq > 0 && !parseUserId(feed.id));
      if (!isThere) this.refuse(follow, new ConfabError("channel_not_found", "channel_id"), now);
      else if (!member) this.refuse(follow, new ConfabError("not_in_channel", "channel_id"), now);
      else if ((follow.position?.seq ?? 0) > newest.seq) {
        this.#doubt(follow, now);
      } else if (feed.position) this.#admit(follow, feed.position, now);
    }
  }

  refuse(follow: Follow, error: ConfabError, now: number): void {
    this.remove(follow, now);
    const isTold = this.listener.refused(follow, error, now);
    if (isTold) follow.session.refuse(follow.requestId, error, follow.feed.id);
    if (follow.state === "asking") follow.session.answered(follow.requestId);
  }

  /** The feed was attached anew: what was asked on the old stream may be lost. */
  attached(feed: Feed, now: number): void {
    for (const follow of feed.asking) this.#ask(follow, now);
    for (const follow of feed.behind) this.#proceed(follow, now);
  }

  accepted(feed: Feed, event: FeedEvent, now: number): void {
    this.meter?.delivered(feed.audience.size);
    feed.audience.deliver(event);
    for (const follow of feed.behind) {
      if (follow.position && follow.position.seq === event.seq) this.#proceed(follow, now);
    }
    if (event.membership) this.#endLeavers(feed, event, now);
  }

  /** Events that were fetched for somebody's catch-up. */
  fetched(feed: Feed, events: readonly FeedEvent[], fromStore: boolean, now: number): void {
    if (!feed.position) return;
    for (const follow of feed.behind) {
      const before = follow.position?.seq;
      const sent = sendMissed(follow, events);
      if (sent > 0) this.meter?.caughtUp(fromStore ? "store" : "owner", sent);
      if (follow.position?.seq !== before) this.#proceed(follow, now);
    }
  }

  /** A client has read what it was sent: its catch-ups go on. */
  drained(session: Session, now: number): void {
    for (const follow of session.follows.values())
      if (follow.state === "catchingUp") this.#proceed(follow, now);
  }

  /** Asks again what got no answer. */
  sweep(feed: Feed, now: number): void {
    const isSilent = ({ askedAt }: Follow) => now - askedAt >= silenceMsMax;
    for (const follow of feed.asking) if (isSilent(follow)) this.#ask(follow, now);
    for (const follow of feed.behind) if (isSilent(follow)) this.#proceed(follow, now);
  }

  /**
   * A position beyond the newest event: the answer may be to an earlier question, of another connection of
   * the same user, so that one more is asked before the position is refused.
   */
  #doubt(follow: Follow, now: number): void {
    if (follow.doubted) {
      return this.refuse(follow, new ConfabError("invalid_position", "position"), now);
    }
    follow.doubted = true;
    this.#ask(follow, now);
  }

  #ask(follow: Follow, now: number): void {
    follow.askedAt = now;
    const { userId } = follow.session.identity;
    this.streams.wish(follow.feed, { $case: "ask", value: { userId } });
  }

  #admit(follow: Follow, feedPosition: Position, now: number): void {
    const { session, feed, requestId } = follow;
    follow.position ??= feedPosition;
    follow.state = "catchingUp";
    feed.asking.delete(follow);
    feed.behind.add(follow);
    const value = { channelId: feed.id, position: follow.position, requestId: Math.max(requestId, 0) };
    session.tell({ $case: "subscribed", value });
    this.listener.admitted(follow, now);
    session.answered(requestId);
    this.#proceed(follow, now);
  }

  /** Goes on with a catch-up; the turn that sends the last missed event also makes the client live. */
  #proceed(follow: Follow, now: number): void {
    const { feed } = follow;
    const step = catchUp(follow, this.meter);
    follow.askedAt = now;
    if (step === "wait" || step === "paused") return;
    if (step === "done") {
      feed.behind.delete(follow);
      follow.state = "live";
      feed.audience.add(follow);
    } else {
      this.streams.wish(feed, { $case: "fetch", value: { afterSeq: step.after, toSeq: step.to } });
    }
  }

  /** Those who stopped being members get nothing after this event. */
  #endLeavers(feed: Feed, event: FeedEvent, now: number): void {
    const { kind } = decodeEvent(event);
    if (kind?.$case !== "membersLeft") return;
    for (const follow of [...feed.follows]) {
      if (follow.state === "asking" || !kind.value.userIds.includes(follow.session.identity.userId)) continue;
      this.remove(follow, now);
      const reason = UnsubscribedReason.UNSUBSCRIBED_REASON_NOT_A_MEMBER;
      follow.session.tell({ $case: "unsubscribed", value: { channelId: feed.id, reason, requestId: 0 } });
      this.listener.left(follow, event.seq, now);
    }
  }
}

/** What happened, as far as the frame holds one event. */
export function decodeEvent({ frame }: FeedEvent): Pick<Event, "kind"> {
  return ServerFrame.decode(frame).events[0]?.event ?? { kind: undefined };
}
