import type { Typing } from "../../gen/json/confab/v1/realtime.js";
import type { Event, Position } from "../../gen/json/confab/v1/types.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Feed, LostRange } from "./core/feed.js";
import { queueEventsMax } from "./limits.js";
import type { AllListener, ChannelListener, Realtime } from "./realtime/realtime.js";

/** A channel by id or name, and the last event of it that the application has; without one, from now on. */
export interface ChannelStart {
  readonly channel: string;
  readonly position?: Position | undefined;
}

/** An event and its channel. */
export type ReceivedEvent = Event & { readonly channelId: string };

/** What a subscription tells besides events. */
export interface SubscribeOptions {
  /** Somebody is typing; never stored, and not told again. */
  readonly onTyping?: (typing: Typing) => void;
  /** Events that nobody can have any more, as they are past retention. */
  readonly onLost?: (range: LostRange & { readonly channelId: string }) => void;
  /** One channel is over, others go on; without this the whole subscription ends. */
  readonly onChannelEnded?: (channelId: string, error: ConfabError) => void;
}

/** What a subscription to everything may be told, and tells besides events. */
export interface SubscribeAllOptions extends SubscribeOptions {
  /** What `positions()` of an earlier subscription to everything said; without, all begins now. */
  readonly positions?: Readonly<Record<string, Position>>;
  /** Not all of it can be followed, others go on; without this the subscription ends. */
  readonly onIncomplete?: (error: ConfabError) => void;
}

/** The place before a channel's first event. */
export const fromStart: Position = Object.freeze({ seq: 0, id: 0 });

/**
 * Events of some channels: each once, those of a channel in their order, whatever becomes of connections and
 * servers. They are read by one `for await` loop, or by the handler.
 */
export class Subscription implements AsyncIterable<ReceivedEvent> {
  /** Resolves when the server delivers all channels; rejects when the subscription ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the subscription is over: with the error that ended it, or undefined after `close`. */
  readonly closed: Promise<Error | undefined>;
  readonly #feeds = new Map<string, Feed>();
  readonly #handled = new Map<string, Position>();
  #starting: Set<string> | undefined;
  /** What follows everything, where that is so. */
  #all: AllListener | undefined;
  /** Everything was delivered once. */
  #wasReady = false;
  #queue: ReceivedEvent[] = [];
  #wake: () => void = () => {};
  #over: { readonly error?: Error } | undefined;
  #settle!: { ready(): void; notReady(error: Error): void; closed(error?: Error): void };

  constructor(
    private readonly realtime: Realtime,
    private readonly options: SubscribeAllOptions,
  ) {
    let ready: () => void;
    let notReady: (error: Error) => void;
    this.ready = new Promise((resolve, reject) => {
      ready = resolve;
      notReady = reject;
    });
    // Who does not ask does not have to handle it.
    this.ready.catch(() => {});
    this.closed = new Promise((closed) => {
      this.#settle = { ready, notReady, closed };
    });
  }

  /** The last event of each channel that was handled, by its id: where to begin another time. */
  positions(): Record<string, Position> {
    const handled = [...this.#handled];
    // With the user's own channel everything is taken up: that must have been complete before.
    const isMeant = (id: string) => !this.#all || this.#wasReady || !/^[UB]/.test(id);
    return Object.fromEntries(handled.filter(([id]) => isMeant(id)));
  }

  /** Follows channels by id. For the client, once. */
  start(channels: readonly { channelId: string; position?: Position | undefined }[]): void {
    this.#starting = new Set(channels.map(({ channelId }) => channelId));
    for (const { channelId, position } of channels) {
      if (this.#over || this.#feeds.has(channelId)) continue;
      if (position) this.#handled.set(channelId, position);
      const feed = this.realtime.follow(channelId, position, this.#listen(channelId));
      if (this.#over) this.realtime.unfollow(feed);
      else this.#feeds.set(channelId, feed);
    }
    this.#started();
  }

  /** Follows everything of the user, from where it was handled before. For the client, once. */
  startAll(positions: Readonly<Record<string, Position>>): void {
    for (const [channelId, position] of Object.entries(positions)) this.#handled.set(channelId, position);
    this.#all = {
      channel: (feed) => {
        this.#feeds.set(feed.channelId, feed);
        return this.#listen(feed.channelId);
      },
      ready: () => {
        this.#wasReady = true;
        this.#settle.ready();
      },
      incomplete: (error) => {
        if (this.options.onIncomplete) this.options.onIncomplete(error);
        else this.end(error);
      },
      ended: (error) => this.end(error),
    };
    if (!this.#over) this.realtime.followAll(positions, this.#all);
  }

  /** Ends it at once; events that were not read yet are dropped. Safe to call twice. */
  close(): void {
    this.#queue = [];
    this.end();
  }

  /** Ends it behind the events that are there, because of an error if there is one. */
  end(error?: Error): void {
    if (this.#over) return;
    this.#over = error ? { error } : {};
    if (this.#all) this.realtime.unfollowAll(this.#all);
    else for (const feed of this.#feeds.values()) this.realtime.unfollow(feed);
    this.#settle.notReady(error ?? new ConfabError("unavailable", "", "the subscription was closed"));
    this.#settle.closed(error);
    this.#wake();
  }

  /** An event counts as handled when the loop asks for the next one. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ReceivedEvent> {
    try {
      for (;;) {
        const event = this.#queue.shift();
        if (event) {
          yield event;
          this.#handled.set(event.channelId, { seq: event.seq, id: event.id });
          this.#goOn();
        } else if (this.#over?.error) throw this.#over.error;
        else if (this.#over) return;
        else await this.#change();
      }
    } finally {
      this.close();
    }
  }

  #listen(channelId: string): ChannelListener {
    return {
      accept: (event) => this.#accept(channelId, event),
      began: (at) => this.#began(channelId, at),
      lost: (range) => this.options.onLost?.({ ...range, channelId }),
      typing: (typing) => this.options.onTyping?.(typing),
      ended: (error) => this.#channelEnded(channelId, error),
    };
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #accept(channelId: string, event: Event): void {
    this.#queue.push({ ...event, channelId });
    if (this.#queue.length >= queueEventsMax) for (const feed of this.#feeds.values()) feed.pause();
    this.#wake();
  }

  /** The application has caught up: what was not kept is fetched. */
  #goOn(): void {
    if (this.#queue.length !== Math.floor(queueEventsMax / 2)) return;
    for (const feed of this.#feeds.values()) feed.resume();
  }

  #began(channelId: string, position: Position): void {
    if (!this.#handled.has(channelId)) this.#handled.set(channelId, position);
    this.#starting?.delete(channelId);
    this.#started();
  }

  #started(): void {
    if (this.#starting?.size === 0) this.#settle.ready();
  }

  #channelEnded(channelId: string, error: ConfabError): void {
    this.#feeds.delete(channelId);
    if (this.#all) return this.options.onChannelEnded?.(channelId, error);
    if (!this.options.onChannelEnded) return this.end(error);
    this.options.onChannelEnded(channelId, error);
    this.#starting?.delete(channelId);
    this.#started();
    if (this.#feeds.size === 0) this.end(error);
  }
}
