import type { MemberAnswer } from "../../../gen/confab/mesh/v1/attach.js";
import { ServerFrame, UnsubscribedReason } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { type Position, parseUserId, type Seq } from "../../../lib/ids/ids.js";
import { Approach } from "./approach.js";
import { Audience, type Publish } from "./audience.js";
import { catchUp, sendMissed } from "./catch-up.js";
import type { Feed, FeedEvent } from "./feed.js";
import { allStandings, type Follow, type Standing, standings } from "./follow.js";
import { FollowTable } from "./follow-table.js";
import type { GatewayMeter } from "./meter.js";
import type { OwnerStreams } from "./owner-streams.js";
import type { Session } from "./session.js";
import type { DeliveryTracer } from "./tracer.js";

/** A question to the owner without an answer is asked again after this long, in ms. */
const silenceMsMax = 3000;
const nowhere: Position = { seq: 0, id: 0 };
const nobody: readonly Approach[] = [];

/** A follow that has ended, as it was. */
export interface EndedFollow {
  readonly session: Session;
  readonly feed: Feed;
  readonly requestId: number;
  /** Last event that the client had, if it named one or was caught up to one. */
  readonly position: Position | undefined;
  /** Its request had no answer yet. */
  readonly isAsked: boolean;
}

/** Is told what becomes of follows that their clients did not end. */
export interface FollowsListener {
  /** The user may have the channel; delivery has begun. */
  admitted(session: Session, feed: Feed, now: number): void;
  /** A follow was refused; returns whether the client is to know. */
  refused(follow: EndedFollow, error: ConfabError, now: number): boolean;
  /** The user's membership ended with this event, and the follow with it. */
  left(session: Session, feed: Feed, seq: Seq, now: number): void;
}

/**
 * Brings followers from their request over entitlement and catch-up into the live audience, and out again.
 */
export class Follows {
  readonly #table = new FollowTable();
  readonly #audience: Audience;
  /** Those who are not live yet. */
  readonly #approaches = new Map<Follow, Approach>();

  constructor(
    private readonly streams: OwnerStreams,
    publish: Publish,
    private readonly listener: FollowsListener,
    private readonly meter?: GatewayMeter,
    private readonly tracer?: DeliveryTracer,
  ) {
    this.#audience = new Audience(this.#table, publish);
  }

  /** How many follow, whatever their state, and how many of them are asking or catching up. */
  counts(): { all: number; asking: number; catchingUp: number } {
    let asking = 0;
    for (const follow of this.#approaches.keys()) if (this.#isAsking(follow)) asking++;
    return { all: this.#table.count, asking, catchingUp: this.#approaches.size - asking };
  }

  /** How many channels a session follows. */
  countOf(session: Session): number {
    return this.#table.countOf(session);
  }

  find(session: Session, feed: Feed): Follow | undefined {
    return this.#table.find(session, feed);
  }

  /** Whether the owner has let the session have the feed. */
  isAdmitted(session: Session, feed: Feed): boolean {
    const follow = this.#table.find(session, feed);
    return follow !== undefined && !this.#isAsking(follow);
  }

  isLive(session: Session, feed: Feed): boolean {
    const follow = this.#table.find(session, feed);
    return follow !== undefined && !this.#approaches.has(follow);
  }

  /** The session, which does not follow the feed yet, wants to from behind `from`, or from now on. */
  add(session: Session, feed: Feed, requestId: number, from: Position | undefined, now: number): void {
    const follow = this.#table.add(session, feed, requestId);
    const approach = new Approach(follow, session, feed, from);
    this.#approaches.set(follow, approach);
    feed.idleSince = undefined;
    this.#ask(approach, now);
  }

  /** Returns the request that asked for it, if that has no answer yet. */
  remove(follow: Follow, now: number): number | undefined {
    const table = this.#table;
    const [session, feed, standing] = [table.session(follow), table.feed(follow), table.standing(follow)];
    const requestId = table.requestId(follow);
    table.remove(follow);
    this.#approaches.delete(follow);
    this.#audience.removed(session, feed, standing);
    if (table.followersOf(feed) === 0) feed.idleSince = now;
    return standing === standings.asking ? requestId : undefined;
  }

  /** A connection has ended. */
  ended(session: Session, now: number): void {
    for (const follow of this.#table.ofSession(session)) this.remove(follow, now);
  }

  /** The owner's answer, exact at its place on the stream: all that the feed had before came before it. */
  answered(feed: Feed, answer: MemberAnswer, now: number): void {
    const { userId, member, newest = nowhere, joinedSeq } = answer;
    for (const approach of this.#approaching(feed, standings.asking)) {
      if (approach.session.identity.userId !== userId) continue;
      const { follow } = approach;
      // A user's own channel is there before anything happens in it, and for nobody else.
      const isThere = member || (newest.seq > 0 && !parseUserId(feed.id));
      if (!isThere) this.refuse(follow, new ConfabError("channel_not_found", "channel_id"), now);
      else if (!member) this.refuse(follow, new ConfabError("not_in_channel", "channel_id"), now);
      else if ((approach.position?.seq ?? 0) > newest.seq) {
        this.#doubt(approach, now);
      } else if (feed.position) {
        approach.joined = joinedSeq;
        this.#admit(approach, feed.position, now);
      }
    }
  }

  refuse(follow: Follow, error: ConfabError, now: number): void {
    const [session, feed] = [this.#table.session(follow), this.#table.feed(follow)];
    const requestId = this.#table.requestId(follow);
    const position = this.#approaches.get(follow)?.position;
    const unanswered = this.remove(follow, now);
    const isAsked = unanswered !== undefined;
    const isTold = this.listener.refused({ session, feed, requestId, position, isAsked }, error, now);
    if (isTold) session.refuse(requestId, error, feed.id);
    if (isAsked) session.answered(unanswered);
  }

  /** The owner refuses the channel to a user, or to all if that is empty. */
  refused(feed: Feed, userId: string, error: ConfabError, now: number): void {
    for (const follow of this.#all(feed)) {
      if (userId !== "" && this.#userOf(follow) !== userId) continue;
      this.refuse(follow, error, now);
    }
  }

  /** The feed was attached anew: what was asked on the old stream may be lost. */
  attached(feed: Feed, now: number): void {
    for (const approach of this.#approaching(feed, standings.asking)) this.#ask(approach, now);
    for (const approach of this.#approaching(feed, standings.catchingUp)) this.#proceed(approach, now);
  }

  accepted(feed: Feed, event: FeedEvent, now: number): void {
    this.meter?.delivered(this.#audience.size(feed));
    this.#audience.deliver(feed, event);
    for (const approach of this.#approaching(feed, standings.catchingUp)) {
      const seq = approach.position?.seq;
      const isHeldBack = seq === event.seq - 1 && event.seq <= approach.joined;
      if (seq === event.seq || isHeldBack) this.#proceed(approach, now);
    }
    if (event.membership) this.#endLeavers(feed, event, now);
  }

  /** A transient event goes to the live. */
  transient(feed: Feed, frame: Uint8Array, author: string): void {
    this.#audience.deliverTransient(feed, frame, author);
  }

  /** Events that were fetched for somebody's catch-up. */
  fetched(feed: Feed, events: readonly FeedEvent[], fromStore: boolean, now: number): void {
    if (!feed.position) return;
    for (const approach of this.#approaching(feed, standings.catchingUp)) {
      const before = approach.position?.seq;
      const sent = sendMissed(approach, events, this.tracer);
      if (sent > 0) this.meter?.caughtUp(fromStore ? "store" : "owner", sent);
      if (approach.position?.seq !== before) this.#proceed(approach, now);
    }
  }

  /** A client has read what it was sent: its catch-ups go on. */
  drained(session: Session, now: number): void {
    if (this.#approaches.size === 0) return;
    for (const follow of this.#table.ofSession(session)) {
      // A sending may end the session.
      const approach = this.#approaches.get(follow);
      if (approach && !this.#isAsking(follow)) this.#proceed(approach, now);
    }
  }

  /** Asks again what got no answer. */
  sweep(now: number): void {
    for (const [follow, approach] of this.#approaches) {
      if (now - approach.askedAt < silenceMsMax) continue;
      if (this.#isAsking(follow)) this.#ask(approach, now);
      else this.#proceed(approach, now);
    }
  }

  /**
   * A position beyond the newest event: the answer may be to an earlier question, of another connection of
   * the same user, so that one more is asked before the position is refused.
   */
  #doubt(approach: Approach, now: number): void {
    if (approach.doubted) {
      return this.refuse(approach.follow, new ConfabError("invalid_position", "position"), now);
    }
    approach.doubted = true;
    this.#ask(approach, now);
  }

  #ask(approach: Approach, now: number): void {
    approach.askedAt = now;
    const { userId } = approach.session.identity;
    this.streams.wish(approach.feed, { $case: "ask", value: { userId } });
  }

  #admit(approach: Approach, feedPosition: Position, now: number): void {
    const { follow, session, feed } = approach;
    const requestId = this.#table.requestId(follow);
    approach.position ??= feedPosition;
    this.#table.move(follow, standings.catchingUp);
    const value = { channelId: feed.id, position: approach.position, requestId: Math.max(requestId, 0) };
    session.tell({ $case: "subscribed", value });
    this.listener.admitted(session, feed, now);
    session.answered(requestId);
    this.#proceed(approach, now);
  }

  /**
   * Goes on with a catch-up; the turn that sends the last missed event also makes the client live, if the
   * feed has come as far as the user's joining.
   */
  #proceed(approach: Approach, now: number): void {
    const { follow, feed } = approach;
    const step = catchUp(approach, this.meter, this.tracer);
    approach.askedAt = now;
    if (step === "wait" || step === "paused") return;
    if (step !== "done") {
      this.streams.wish(feed, { $case: "fetch", value: { afterSeq: step.after, toSeq: step.to } });
    } else if (this.#approaches.get(follow) === approach && feed.position!.seq >= approach.joined) {
      this.#approaches.delete(follow);
      this.#audience.add(follow);
    }
  }

  /** Those who stopped being members, and have not joined again since, get nothing after this event. */
  #endLeavers(feed: Feed, event: FeedEvent, now: number): void {
    const { kind } = decodeEvent(event);
    if (kind?.$case !== "membersLeft") return;
    const reason = UnsubscribedReason.UNSUBSCRIBED_REASON_NOT_A_MEMBER;
    for (const follow of this.#all(feed)) {
      if (this.#isAsking(follow) || !kind.value.userIds.includes(this.#userOf(follow))) continue;
      if (event.seq < (this.#approaches.get(follow)?.joined ?? 0)) continue;
      const session = this.#table.session(follow);
      this.remove(follow, now);
      session.tell({ $case: "unsubscribed", value: { channelId: feed.id, reason, requestId: 0 } });
      this.listener.left(session, feed, event.seq, now);
    }
  }

  #isAsking(follow: Follow): boolean {
    return this.#table.standing(follow) === standings.asking;
  }

  #userOf(follow: Follow): string {
    return this.#table.session(follow).identity.userId;
  }

  #all(feed: Feed): Follow[] {
    return allStandings.flatMap((standing) => this.#table.standingAt(feed, standing));
  }

  #approaching(feed: Feed, standing: Standing): readonly Approach[] {
    const follows = this.#table.standingAt(feed, standing);
    return follows.length === 0 ? nobody : follows.map((follow) => this.#approaches.get(follow)!);
  }
}

/** What happened, as far as the frame holds one event. */
export function decodeEvent({ frame }: FeedEvent): Pick<Event, "kind"> {
  return ServerFrame.decode(frame).events[0]?.event ?? { kind: undefined };
}
