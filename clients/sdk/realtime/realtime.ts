import type { ConnectResponse, Typing } from "../../../gen/json/confab/v1/realtime.js";
import type { Event, Position } from "../../../gen/json/confab/v1/types.js";
import type { Clock } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { isRetryable } from "../calls/patience.js";
import { Backoff } from "../core/backoff.js";
import { Feed, type LostRange } from "../core/feed.js";
import type { PostDone, PostRequest } from "../core/posts-under-way.js";
import { Session, type SessionState } from "../core/session.js";
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
  readonly #session: Session;
  readonly #lifetime = new Lifetime();
  #connection: Connection | undefined;

  constructor(private readonly parts: RealtimeParts) {
    const { clock } = parts;
    this.#session = new Session({
      open: () => this.#open(),
      drop: () => this.#connection?.drop(),
      send: (frame) => this.#connection?.send(frame),
      later: (ms, call) => clock.after(ms, () => call(clock.now())),
      random: parts.random,
      changed: parts.onState,
      channelEnded: (feed, error) => this.#ended(feed, error),
      typing: (typing) => this.#typing(typing),
    });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** Follows a channel behind a position, or from now on, until `unfollow` or `ended`. */
  follow(channelId: string, position: Position | undefined, listener: ChannelListener): Feed {
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
    this.#listeners.set(feed, listener);
    this.#session.follow(feed, this.parts.clock.now());
    return feed;
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
    listener?.ended(error);
  }

  #typing(typing: Typing): void {
    for (const [feed, listener] of this.#listeners) {
      if (feed.channelId === typing.channelId) listener.typing(typing);
    }
  }
}
