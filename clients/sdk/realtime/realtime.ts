import type { ConnectResponse, Typing } from "../../../gen/json/confab/v1/realtime.js";
import type { Event, Position } from "../../../gen/json/confab/v1/types.js";
import type { Clock } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { isRetryable } from "../calls/patience.js";
import { Backoff } from "../core/backoff.js";
import { Feed, type LostRange } from "../core/feed.js";
import type { PostDone, PostRequest } from "../core/posts-under-way.js";
import { Session } from "../core/session.js";
import type { SessionState } from "../core/session-outside.js";
import { Lifetime } from "../lifetime.js";
import { Connection } from "./connection.js";
import type { OpenSocket } from "./socket.js";

/** Receives what comes of one channel. */
export interface ChannelListener {
  /** The server delivers the channel behind this position. */
  began(position: Position): void;
  accept(event: Event): void;
  lost(range: LostRange): void;
  typing(typing: Typing): void;
  /** Nothing more comes. */
  ended(error: ConfabError): void;
}

/** Receives what comes of everything that a user has. */
export interface AllListener {
  /** There is a channel; what comes of it goes to what is returned. */
  channel(feed: Feed): ChannelListener;
  /** Everything that there is now is delivered; told again after each connection. */
  ready(): void;
  /** Some of it cannot be delivered. */
  incomplete(error: ConfabError): void;
  /** Nothing more comes. */
  ended(error: ConfabError): void;
}

/** What following channels takes. */
export interface RealtimeParts {
  /** Calls `Realtime.Connect` once. */
  readonly connect: () => Promise<ConnectResponse>;
  /** The events of a channel after a `seq`: a page of `ListEvents`, tried once. */
  readonly listEvents: (channelId: string, afterSeq: number) => Promise<readonly Event[]>;
  readonly openSocket: OpenSocket;
  readonly onState: (state: SessionState, error?: ConfabError) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Keeps a connection to a gateway while anything is followed, and fetches what it does not bring. */
export class Realtime {
  readonly #listeners = new Map<Feed, ChannelListener>();
  readonly #all = new Map<AllListener, Map<string, Feed>>();
  readonly #session: Session;
  readonly #lifetime = new Lifetime();
  #connection: Connection | undefined;
  #endedBy: ConfabError | undefined;

  constructor(private readonly parts: RealtimeParts) {
    const { clock } = parts;
    this.#session = new Session({
      open: () => this.#open(),
      drop: () => this.#connection?.drop(),
      send: (frame) => this.#connection?.send(frame),
      later: (ms, call) => clock.after(ms, () => call(clock.now())),
      random: parts.random,
      changed: (state, error) => {
        parts.onState(state, error);
        if (state === "ended")
          this.#allEnded(error ?? new ConfabError("unavailable", "", "the client was closed"));
      },
      channelEnded: (feed, error) => this.#ended(feed, error),
      typing: (typing) => this.#typing(typing),
      discovered: (channelId) => {
        for (const listener of this.#all.keys()) this.#discover(listener, channelId);
      },
      allReady: () => {
        for (const listener of [...this.#all.keys()]) listener.ready();
      },
      incomplete: (error) => {
        for (const listener of [...this.#all.keys()]) listener.incomplete(error);
      },
    });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** Follows a channel behind a position, or from now on, until `unfollow` or `ended`. */
  follow(channelId: string, position: Position | undefined, listener: ChannelListener): Feed {
    const feed = this.#makeFeed(channelId, position, () => listener);
    this.#session.follow(feed, this.parts.clock.now());
    return feed;
  }

  /** Follows everything of the user until `unfollowAll` or `ended`; the positions are where to take it up. */
  followAll(positions: Readonly<Record<string, Position>>, listener: AllListener): void {
    this.#all.set(listener, new Map());
    if (this.#endedBy) return this.#allEnded(this.#endedBy);
    for (const [channelId, position] of Object.entries(positions)) {
      this.#discover(listener, channelId, position);
    }
    for (const channelId of this.#session.followed()) this.#discover(listener, channelId);
    this.#session.followAll(Object.keys(positions).length > 0, this.parts.clock.now());
  }

  /** Safe to call twice. */
  unfollowAll(listener: AllListener): void {
    const feeds = [...(this.#all.get(listener)?.values() ?? [])];
    for (const feed of feeds) this.#listeners.delete(feed);
    if (this.#all.delete(listener)) this.#session.unfollowAll(feeds, this.parts.clock.now());
  }

  #discover(listener: AllListener, channelId: string, position?: Position): void {
    const feeds = this.#all.get(listener);
    if (!feeds || feeds.has(channelId)) return;
    const feed = this.#makeFeed(channelId, position, (made) => listener.channel(made));
    feeds.set(channelId, feed);
    this.#session.adopt(feed);
  }

  #makeFeed(
    channelId: string,
    position: Position | undefined,
    listen: (feed: Feed) => ChannelListener,
  ): Feed {
    const feed: Feed = new Feed(
      channelId,
      {
        began: (at) => listener.began(at),
        accept: (event) => listener.accept(event),
        lost: (range) => listener.lost(range),
        fetch: (afterSeq) => void this.#fetch(feed, afterSeq),
      },
      position,
    );
    const listener = listen(feed);
    this.#listeners.set(feed, listener);
    return feed;
  }

  #allEnded(error: ConfabError): void {
    this.#endedBy = error;
    const listeners = [...this.#all.keys()];
    this.#all.clear();
    for (const listener of listeners) listener.ended(error);
  }

  /** Safe to call twice. */
  unfollow(feed: Feed): void {
    if (this.#listeners.delete(feed)) this.#session.unfollow(feed);
  }

  /** @returns whether there is a connection that follows the channel */
  sendTyping(channelId: string, parentId: number): boolean {
    return this.#session.typing(channelId, parentId);
  }

  /**
   * Posts a message over the connection; undefined if that cannot take it. Rejects when the connection ends
   * before the answer, or so much time has passed: then nobody knows what became of it.
   */
  post(post: PostRequest, timeoutMs: number): Promise<Position> | undefined {
    let settle: PostDone = () => {};
    const requestId = this.#session.post(post, (outcome) => settle(outcome));
    if (requestId === undefined) return undefined;
    return new Promise((resolve, reject) => {
      const timer = this.parts.clock.after(timeoutMs, () =>
        this.#session.forget(requestId, new ConfabError("deadline_exceeded")),
      );
      settle = (outcome) => {
        timer.cancel();
        if (outcome instanceof ConfabError) reject(outcome);
        else resolve(outcome);
      };
    });
  }

  /** What seems lost is looked after now. */
  wake(): void {
    this.#session.wake(this.parts.clock.now());
  }

  /** Safe to call twice. */
  close(): void {
    this.#lifetime.end();
    this.#session.end();
  }

  #open(): void {
    const { connect, openSocket, clock } = this.parts;
    this.#connection = new Connection(connect, openSocket, {
      received: (frame) => this.#session.received(frame, clock.now()),
      closed: (code, reason) => this.#session.closed(code, reason),
      failed: (error) => this.#session.lost(error),
    });
  }

  /** Tries until there is a page, for nothing newer is passed on before it. */
  async #fetch(feed: Feed, afterSeq: number): Promise<void> {
    const { listEvents, clock, random } = this.parts;
    const backoff = new Backoff(random);
    while (this.#listeners.has(feed)) {
      try {
        const events = await listEvents(feed.channelId, afterSeq);
        if (events.length === 0) throw new ConfabError("unavailable", "", "events are missing");
        if (this.#listeners.has(feed)) feed.page(events);
        return;
      } catch (error) {
        if (!isRetryable(error)) return this.#failed(feed, error);
        await this.#lifetime.sleep(clock, backoff.next(error.retryMs));
      }
    }
  }

  #failed(feed: Feed, error: unknown): void {
    this.#session.unfollow(feed);
    this.#ended(feed, error instanceof ConfabError ? error : new ConfabError("internal", "", String(error)));
  }

  #ended(feed: Feed, error: ConfabError): void {
    const listener = this.#listeners.get(feed);
    this.#listeners.delete(feed);
    for (const feeds of this.#all.values()) {
      if (feeds.get(feed.channelId) === feed) feeds.delete(feed.channelId);
    }
    listener?.ended(error);
  }

  #typing(typing: Typing): void {
    for (const [feed, listener] of this.#listeners) {
      if (feed.channelId === typing.channelId) listener.typing(typing);
    }
  }
}
