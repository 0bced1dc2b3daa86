import type { Memberships } from "../../../gen/confab/mesh/v1/attach.js";
import type { Subscribe } from "../../../gen/confab/v1/realtime.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { type ChannelId, type Position, parseChannelId, type Seq } from "../../../lib/ids/ids.js";
import { subscriptionsMax } from "../../../lib/limits/limits.js";
import { Everything } from "./everything.js";
import type { Feed, FeedEvent } from "./feed.js";
import { decodeEvent, type EndedFollow, type FollowsListener } from "./follows.js";
import type { OwnerStreams } from "./owner-streams.js";
import { type Session, unasked } from "./session.js";

/** A list that was asked for without an answer is asked for again after this long, in ms. */
const silenceMsMax = 3000;

/** What following everything works with. */
export interface AllConversationsOutside {
  /** Has a session follow a channel it does not follow yet, as if its client had asked for it. */
  follow(
    session: Session,
    channel: ChannelId,
    requestId: number,
    from: Position | undefined,
    now: number,
  ): void;
  /** The channel's feed, if the session follows it. */
  feedOf(session: Session, channel: ChannelId): Feed | undefined;
  /** Whether the owner has let the session have the feed. */
  isAdmitted(session: Session, feed: Feed): boolean;
  /** How many channels the session follows. */
  countOf(session: Session): number;
}

/**
 * Has sessions follow all conversations of their users. First the user's own channel is followed; once that
 * is admitted, its owner is asked for the list of conversations; and from then on notices in the own channel
 * tell of joinings. Both only say what to ask for: whether the user may have a conversation its own owner
 * says, as always.
 *
 * No joining falls between list and notices. A notice is written after the joining shows in lists. So one
 * that the list, read after the question, does not show has its notice written after the question was sent,
 * hence above the position at which the feed of the own channel was when it was admitted, and every event
 * above that comes by here.
 */
export class AllConversations implements FollowsListener {
  readonly #sessions = new Map<Session, Everything>();
  readonly #byUser = new Map<ChannelId, Set<Session>>();
  /** Questions without an answer. An answer serves one: to another's, asked before, it may be too old. */
  readonly #questions = new Map<number, Session>();
  #lastQuestion = 0;

  constructor(
    private readonly streams: OwnerStreams,
    private readonly outside: AllConversationsOutside,
  ) {}

  /** The client wants everything; it is answered once, besides its channels. Before these are followed. */
  begin(session: Session, requestId: number, { channels }: Subscribe, now: number): void {
    const { userId } = session.identity;
    const everything = this.#sessions.get(session) ?? new Everything();
    this.#sessions.set(session, everything);
    this.#byUser.set(userId, (this.#byUser.get(userId) ?? new Set()).add(session));
    everything.requests.push(requestId);
    if (channels.some(({ channelId, position }) => channelId === userId && position)) {
      everything.takesUp = true;
    }
    const own = this.outside.feedOf(session, userId);
    if (own && this.outside.isAdmitted(session, own)) this.#ask(session, everything, own, now);
  }

  /** The client names the channel itself. */
  named(session: Session, channel: ChannelId): void {
    const everything = this.#sessions.get(session);
    everything?.leftOut.delete(channel);
    everything?.begun.delete(channel);
  }

  /** The client does not want these channels; false if that is more than can be kept in mind. */
  leaveOut(session: Session, channels: readonly string[]): boolean {
    const everything = this.#sessions.get(session);
    if (!everything) return true;
    const ids = channels.map(parseChannelId).filter((id) => id !== undefined);
    const fresh = new Set(ids.filter((id) => !everything.leftOut.has(id)));
    if (everything.leftOut.size + fresh.size > subscriptionsMax) return false;
    for (const id of ids) {
      if (id === session.identity.userId) this.#stopListing(session, everything);
      else everything.leaveOut(id);
    }
    return true;
  }

  ended(session: Session): void {
    const everything = this.#sessions.get(session);
    if (!everything) return;
    this.#sessions.delete(session);
    this.#questions.delete(everything.question);
    const { userId } = session.identity;
    const sessions = this.#byUser.get(userId);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byUser.delete(userId);
  }

  admitted(session: Session, feed: Feed, now: number): void {
    const everything = this.#sessions.get(session);
    if (!everything) return;
    everything.begun.delete(feed.id);
    const isOwn = feed.id === session.identity.userId;
    if (isOwn && everything.requests.length > 0) this.#ask(session, everything, feed, now);
  }

  /**
   * What only a list or a notice named is refused in silence. If a joining was told of meanwhile, the answer
   * may be older than that: one more is asked.
   */
  refused(follow: EndedFollow, { code }: ConfabError, now: number): boolean {
    const { session, feed, requestId, position, isAsked } = follow;
    const everything = this.#sessions.get(session);
    if (!everything) return true;
    if (feed.id === session.identity.userId) {
      this.#stopListing(session, everything);
      return true;
    }
    const wasBegun = everything.begun.delete(feed.id);
    const joined = everything.takeJoined(feed.id);
    if (code !== "not_in_channel" && code !== "channel_not_found") return true;
    if (joined === undefined) return !wasBegun;
    if (wasBegun) everything.begun.add(feed.id);
    const request = isAsked ? requestId : unasked;
    if (request !== unasked) session.expect(request, 1);
    this.outside.follow(session, feed.id, request, position ?? before(joined), now);
    return false;
  }

  /** The notice of a later joining may have come before the removal. */
  left(session: Session, feed: Feed, seq: Seq, now: number): void {
    const everything = this.#sessions.get(session);
    const joined = everything?.takeJoined(feed.id) ?? 0;
    if (everything && joined > seq) this.#begin(session, everything, feed.id, unasked, before(joined), now);
  }

  /** The own channel was attached anew: what was asked on the old stream may be lost. */
  attached(feed: Feed, now: number): void {
    for (const session of this.#byUser.get(feed.id) ?? []) {
      const everything = this.#sessions.get(session);
      if (everything && everything.question > 0) this.#ask(session, everything, feed, now);
    }
  }

  /** An event of any channel. */
  accepted(feed: Feed, event: FeedEvent, now: number): void {
    const sessions = this.#byUser.get(feed.id);
    if (!sessions) return;
    const { kind } = decodeEvent(event);
    if (kind?.$case !== "membershipChanged" || !kind.value.joined) return;
    const channel = parseChannelId(kind.value.channelId);
    if (channel) for (const session of [...sessions]) this.#joined(session, channel, kind.value.seq, now);
  }

  /** The answer to a question. */
  listed({ number, conversations, more }: Memberships, now: number): void {
    const session = this.#questions.get(number);
    const everything = session && this.#sessions.get(session);
    if (!everything) return;
    this.#questions.delete(number);
    const request = everything.requests.at(-1) ?? unasked;
    let isCut = more;
    for (const { channelId, joinedSeq } of conversations) {
      const channel = parseChannelId(channelId);
      if (!channel || this.outside.feedOf(session, channel) || everything.leftOut.has(channel)) continue;
      if (this.outside.countOf(session) >= subscriptionsMax) {
        isCut = true;
        break;
      }
      session.expect(request, 1);
      const from = everything.takesUp ? before(joinedSeq) : undefined;
      this.#begin(session, everything, channel, request, from, now);
    }
    everything.takesUp = true;
    if (isCut) session.refuse(request, new ConfabError("too_many_subscriptions", "subscribe.all"));
    this.#stopListing(session, everything);
  }

  /** Asks again what got no answer. */
  sweep(now: number): void {
    for (const session of [...this.#questions.values()]) {
      const everything = this.#sessions.get(session);
      const own = this.outside.feedOf(session, session.identity.userId);
      if (!everything || !own || now - everything.askedAt < silenceMsMax) continue;
      this.#ask(session, everything, own, now);
    }
  }

  #ask(session: Session, everything: Everything, own: Feed, now: number): void {
    this.#questions.delete(everything.question);
    const number = ++this.#lastQuestion;
    this.#questions.set(number, session);
    everything.question = number;
    everything.askedAt = now;
    this.streams.wish(own, { $case: "memberships", value: { number } });
  }

  /** The list is here, or will never be. */
  #stopListing(session: Session, everything: Everything): void {
    this.#questions.delete(everything.question);
    everything.question = 0;
    for (const requestId of everything.requests.splice(0)) session.answered(requestId);
  }

  #joined(session: Session, channel: ChannelId, seq: Seq, now: number): void {
    const everything = this.#sessions.get(session);
    const { feedOf, countOf } = this.outside;
    if (!everything || everything.leftOut.has(channel)) return;
    if (!feedOf(session, session.identity.userId)) return;
    if (feedOf(session, channel)) return everything.noteJoined(channel, seq);
    if (countOf(session) >= subscriptionsMax) {
      return session.refuse(unasked, new ConfabError("too_many_subscriptions"), channel);
    }
    this.#begin(session, everything, channel, unasked, before(seq), now);
  }

  #begin(
    session: Session,
    everything: Everything,
    channel: ChannelId,
    requestId: number,
    from: Position | undefined,
    now: number,
  ): void {
    everything.begun.add(channel);
    this.outside.follow(session, channel, requestId, from, now);
  }
}

/** The position behind which delivery begins with the joining. */
function before(joined: Seq): Position {
  return { seq: Math.max(0, joined - 1), id: 0 };
}
