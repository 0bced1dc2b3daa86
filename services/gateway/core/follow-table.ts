import type { Feed } from "./feed.js";
import { allStandings, type Follow, noFollow, type Standing, standings } from "./follow.js";
import { grown } from "./grown.js";
import { Numbers } from "./numbers.js";
import { PairTable } from "./pair-table.js";
import { RowLists } from "./row-lists.js";
import type { Session } from "./session.js";

const none: readonly Follow[] = [];

/**
 * Who follows what: all follows of a gateway as rows of typed arrays, in a list of their session and in that
 * list of their feed that their standing names. Sessions and feeds have numbers here as long as they have
 * follows.
 *
 * A follow takes 33 bytes of columns (session and feed 4 each, links 16, request 8, standing 1) and 5 to 11
 * of the hash, up to twice the columns just after they have grown. A feed takes 48 bytes and a session 8
 * besides, and each a place in an array.
 */
export class FollowTable {
  readonly #pairs = new PairTable();
  readonly #ofFeeds = new RowLists();
  readonly #ofSessions = new RowLists();
  readonly #feeds = new Numbers<Feed>();
  readonly #sessions = new Numbers<Session>();
  #standings = new Uint8Array(0);
  /** Ids of requests, which may have 53 bits. */
  #requests = new Float64Array(0);

  get count(): number {
    return this.#pairs.count;
  }

  /** What the typed arrays take. */
  get bytes(): number {
    const lists = this.#ofFeeds.bytes + this.#ofSessions.bytes;
    return this.#pairs.bytes + lists + this.#standings.byteLength + this.#requests.byteLength;
  }

  /** A new follow, asking; the session must not follow the feed yet. */
  add(session: Session, feed: Feed, requestId: number): Follow {
    const sessionNumber = this.#sessions.of(session);
    const feedNumber = this.#feeds.of(feed);
    const follow = this.#pairs.add(sessionNumber, feedNumber) as Follow;
    this.#reserve();
    this.#requests[follow] = requestId;
    this.#standings[follow] = standings.asking;
    this.#ofSessions.append(sessionNumber, follow);
    this.#ofFeeds.append(listOf(feedNumber, standings.asking), follow);
    return follow;
  }

  find(session: Session, feed: Feed): Follow | undefined {
    if (session.number < 0 || feed.number < 0) return undefined;
    const row = this.#pairs.find(session.number, feed.number);
    return row < 0 ? undefined : (row as Follow);
  }

  remove(follow: Follow): void {
    const [session, feed] = [this.session(follow), this.feed(follow)];
    this.#ofSessions.remove(session.number, follow);
    this.#ofFeeds.remove(listOf(feed.number, this.standing(follow)), follow);
    this.#pairs.remove(follow);
    if (this.countOf(session) === 0) this.#sessions.takeBack(session);
    if (this.followersOf(feed) === 0) this.#feeds.takeBack(feed);
  }

  session(follow: Follow): Session {
    return this.#sessions.get(this.#pairs.left(follow));
  }

  feed(follow: Follow): Feed {
    return this.#feeds.get(this.#pairs.right(follow));
  }

  /** The request that asked for it. */
  requestId(follow: Follow): number {
    return this.#requests[follow]!;
  }

  standing(follow: Follow): Standing {
    return this.#standings[follow] as Standing;
  }

  /** From now on it stands there, behind those that do already. */
  move(follow: Follow, standing: Standing): void {
    const feedNumber = this.#pairs.right(follow);
    this.#ofFeeds.remove(listOf(feedNumber, this.standing(follow)), follow);
    this.#standings[follow] = standing;
    this.#ofFeeds.append(listOf(feedNumber, standing), follow);
  }

  /** The first of a feed's follows that stand there, or `noFollow`; `next` has the others. */
  first(feed: Feed, standing: Standing): Follow {
    if (feed.number < 0) return noFollow;
    return this.#ofFeeds.first(listOf(feed.number, standing)) as Follow;
  }

  /** The follow behind this one in the list of its feed, or `noFollow`. */
  next(follow: Follow): Follow {
    return this.#ofFeeds.next(follow) as Follow;
  }

  /** How many of a feed's follows stand there. */
  size(feed: Feed, standing: Standing): number {
    return feed.number < 0 ? 0 : this.#ofFeeds.size(listOf(feed.number, standing));
  }

  followersOf(feed: Feed): number {
    let count = 0;
    for (const standing of allStandings) count += this.size(feed, standing);
    return count;
  }

  /** How many follows a session has. */
  countOf(session: Session): number {
    return session.number < 0 ? 0 : this.#ofSessions.size(session.number);
  }

  /** A feed's follows that stand there now, whatever happens to them later. */
  standingAt(feed: Feed, standing: Standing): readonly Follow[] {
    let follow = this.first(feed, standing);
    if (follow === noFollow) return none;
    const follows: Follow[] = [];
    for (; follow !== noFollow; follow = this.next(follow)) follows.push(follow);
    return follows;
  }

  /** A session's follows now, whatever happens to them later. */
  ofSession(session: Session): readonly Follow[] {
    const follows: Follow[] = [];
    if (session.number < 0) return follows;
    const lists = this.#ofSessions;
    for (let row = lists.first(session.number); row >= 0; row = lists.next(row)) follows.push(row as Follow);
    return follows;
  }

  #reserve(): void {
    const rows = this.#pairs.capacity;
    this.#ofFeeds.reserve(rows, this.#feeds.end * allStandings.length);
    this.#ofSessions.reserve(rows, this.#sessions.end);
    if (rows === this.#standings.length) return;
    this.#standings = grown(this.#standings, rows);
    this.#requests = grown(this.#requests, rows);
  }
}

function listOf(feedNumber: number, standing: Standing): number {
  return feedNumber * allStandings.length + standing;
}
