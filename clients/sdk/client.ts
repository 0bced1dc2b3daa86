import { DirectoryDefinition } from "../../gen/json/confab/v1/directory.js";
import { MessagingDefinition, type PostMessagesResponse } from "../../gen/json/confab/v1/messaging.js";
import { PresenceDefinition } from "../../gen/json/confab/v1/presence.js";
import { RealtimeDefinition } from "../../gen/json/confab/v1/realtime.js";
import type { Event, Message, Position } from "../../gen/json/confab/v1/types.js";
import { pageEventsMax } from "../../lib/limits/limits.js";
import { Caller, type TraceListener } from "./calls/caller.js";
import { Patience } from "./calls/patience.js";
import { type CallOptions, type Service, ServiceFactory } from "./calls/services.js";
import { portableClock } from "./clock.js";
import { Conversations } from "./conversations.js";
import type { SessionState } from "./core/session-outside.js";
import { type HistoryOptions, readEvents, readHistory } from "./history.js";
import { Lifetime } from "./lifetime.js";
import { callMsMax, timeoutMsDefault } from "./limits.js";
import type { ClientOptions } from "./options.js";
import { MessageIds } from "./posts/message-ids.js";
import { type PostBatch, Poster } from "./posts/poster.js";
import { Realtime } from "./realtime/realtime.js";
import { openGlobalSocket } from "./realtime/socket.js";
import {
  type ChannelStart,
  type ReceivedEvent,
  type SubscribeAllOptions,
  type SubscribeOptions,
  Subscription,
} from "./subscription.js";

/** A message to post, with what may be said of it. */
export interface NewMessage {
  readonly text: string;
  /** The application's own id: posted again with the same id, also after a restart, it is stored once. */
  readonly clientMsgId?: string;
  /** Id of the message that this one answers. */
  readonly parentId?: number;
  /** A thread reply that is shown in the channel as well. */
  readonly broadcast?: boolean;
  /** For how long posting is tried, in ms. */
  readonly timeoutMs?: number;
  /** Once it is aborted, no further try is begun: a message without an outcome then fails. */
  readonly signal?: AbortSignal;
  /**
   * Has the message traced on its way, whatever share of them the server traces; is told the trace's id with
   * each answer. It goes by a call of its own, not over the connection.
   */
  readonly trace?: TraceListener | undefined;
}

/** Is called with one event after the other; the next one waits until the promise is settled. */
export type EventHandler = (event: ReceivedEvent) => unknown;

/** A user's or bot's way to Confab. Channels are named by id, or by name with or without `#`. */
export class Client {
  /** Every method of the contract, service by service. */
  readonly messaging: Service<typeof MessagingDefinition>;
  readonly directory: Service<typeof DirectoryDefinition>;
  readonly presence: Service<typeof PresenceDefinition>;
  readonly realtime: Service<typeof RealtimeDefinition>;
  readonly conversations: Conversations;
  readonly #lifetime = new Lifetime();
  readonly #posters = new Map<string, Poster>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #ids: MessageIds;
  readonly #timeoutMs: number;
  readonly #patience: Patience;
  readonly #realtime: Realtime;
  readonly #parts;

  constructor(options: ClientOptions) {
    const { url, token, clock = portableClock, random = Math.random, region = "" } = options;
    const lifetime = this.#lifetime;
    const fetch = options.fetch ?? ((target, init) => globalThis.fetch(target, init));
    this.#parts = { clock, random, lifetime };
    this.#ids = new MessageIds(random);
    this.#timeoutMs = options.timeoutMs ?? timeoutMsDefault;
    const caller = new Caller({ url, token, fetch, clock, random, lifetime });
    this.#patience = new Patience(clock, random, lifetime);
    const services = new ServiceFactory(caller, this.#patience, this.#timeoutMs);
    this.messaging = services.create(MessagingDefinition);
    this.directory = services.create(DirectoryDefinition);
    this.presence = services.create(PresenceDefinition);
    this.realtime = services.create(RealtimeDefinition);
    this.conversations = new Conversations(this.directory);
    const once = { timeoutMs: callMsMax, once: true };
    this.#realtime = new Realtime({
      ...this.#parts,
      connect: () => this.realtime.connect({ region }, once),
      listEvents: async (channelId, afterSeq) =>
        (await this.messaging.listEvents({ channelId, afterSeq, limit: pageEventsMax }, once)).events,
      openSocket: options.webSocket ?? openGlobalSocket,
      onState: (state, error) => options.onState?.(state, error),
    });
  }

  /** How the connection for subscriptions fares; without subscriptions there is none. */
  get state(): SessionState {
    return this.#realtime.state;
  }

  /**
   * Posts a message and resolves with its place once it is stored. It is tried until there is an answer or
   * the time is up, under one id, so that it is stored once; a channel's messages keep their order.
   *
   * @throws ConfabError by which it was refused; after `deadline_exceeded` it may or may not be posted
   */
  async post(channel: string, message: string | NewMessage): Promise<Position> {
    const {
      text,
      clientMsgId,
      parentId = 0,
      broadcast = false,
      timeoutMs = this.#timeoutMs,
      signal,
      trace,
    } = typeof message === "string" ? { text: message } : message;
    const channelId = await this.conversations.idOf(channel);
    const draft = { text, clientMsgId: clientMsgId ?? this.#ids.next(), parentId, broadcast };
    return this.#poster(channelId).post(draft, clientMsgId === undefined, { timeoutMs, signal, trace });
  }

  /**
   * Follows channels: the handler, or a `for await` loop over what is returned, gets each event once and in
   * order. A handler that throws ends the subscription with its error.
   */
  subscribe(
    channels: string | ChannelStart | readonly (string | ChannelStart)[],
    handler?: EventHandler,
    options: SubscribeOptions = {},
  ): Subscription {
    const subscription = this.#subscription(handler, options);
    this.#start(subscription, channels).catch((error) => subscription.end(asError(error)));
    return subscription;
  }

  /**
   * Follows everything of the user: the own channel, all conversations, and those joined later, from the
   * joining on. Where a membership ends, that conversation ends, and begins again with the next joining.
   */
  subscribeAll(handler?: EventHandler, options: SubscribeAllOptions = {}): Subscription {
    const subscription = this.#subscription(handler, options);
    subscription.startAll(options.positions ?? {});
    return subscription;
  }

  /** Tells those who follow the channel that the user types. Never stored, promises nothing. */
  async typing(channel: string, parentId = 0): Promise<void> {
    const channelId = await this.conversations.idOf(channel);
    if (!this.#realtime.sendTyping(channelId, parentId))
      await this.messaging.sendTyping({ channelId, parentId });
  }

  /** A conversation's messages, newest first. */
  async *history(channel: string, options: HistoryOptions = {}): AsyncGenerator<Message> {
    yield* readHistory(this.messaging, await this.conversations.idOf(channel), options);
  }

  /** A channel's events after a `seq`, in their order. */
  async *events(channel: string, afterSeq = 0): AsyncGenerator<Event> {
    yield* readEvents(this.messaging, await this.conversations.idOf(channel), afterSeq);
  }

  /**
   * Calls again what changes something, as long as its failures pass and the client's time lasts. A try whose
   * answer was lost may have done it, so this is for what may be done twice.
   */
  repeat<Answer>(call: (options: CallOptions) => Promise<Answer>): Promise<Answer> {
    return this.#patience.call((timeoutMs) => call({ timeoutMs, once: true }), this.#timeoutMs);
  }

  /** The network is back, or the page is: a lost connection is opened at once, another one is tested. */
  wake(): void {
    this.#realtime.wake();
  }

  /** Ends subscriptions, calls and posts under way; what has no outcome fails. Safe to call twice. */
  async close(): Promise<void> {
    this.#lifetime.end();
    for (const subscription of [...this.#subscriptions]) subscription.close();
    this.#realtime.close();
  }

  #subscription(handler: EventHandler | undefined, options: SubscribeAllOptions): Subscription {
    const subscription = new Subscription(this.#realtime, options);
    this.#subscriptions.add(subscription);
    subscription.closed.then(() => this.#subscriptions.delete(subscription));
    // What ended the subscription is told by `closed`.
    if (handler) this.#handle(subscription, handler).catch(() => {});
    return subscription;
  }

  async #start(subscription: Subscription, channels: Parameters<Client["subscribe"]>[0]): Promise<void> {
    const list: readonly (string | ChannelStart)[] = Array.isArray(channels) ? channels : [channels];
    const starts = list.map((one) => (typeof one === "string" ? { channel: one, position: undefined } : one));
    const ids = await Promise.all(starts.map(({ channel }) => this.conversations.idOf(channel)));
    subscription.start(starts.map(({ position }, i) => ({ channelId: ids[i]!, position })));
  }

  async #handle(subscription: Subscription, handler: EventHandler): Promise<void> {
    for await (const event of subscription) {
      try {
        await handler(event);
      } catch (error) {
        return subscription.end(asError(error));
      }
    }
  }

  /**
   * One message goes over the connection, where there is one: that has fewer hops. Many are one call, and
   * what was sent before takes the other way, in case the connection is the trouble.
   */
  async #send({ isRetry, trace, ...batch }: PostBatch, timeoutMs: number): Promise<PostMessagesResponse> {
    const { channelId, messages, firstAttempt } = batch;
    const [message, ...more] = messages;
    if (message && more.length === 0 && !isRetry && !trace) {
      const posted = this.#realtime.post({ channelId, message, firstAttempt }, timeoutMs);
      if (posted) return { results: [{ result: { $case: "position", value: await posted } }] };
    }
    return this.messaging.postMessages({ ...batch, messages: [...messages] }, { timeoutMs, trace });
  }

  #poster(channelId: string): Poster {
    const known = this.#posters.get(channelId);
    if (known) return known;
    const poster = new Poster(channelId, {
      ...this.#parts,
      send: (batch, timeoutMs) => this.#send(batch, timeoutMs),
    });
    this.#posters.set(channelId, poster);
    return poster;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
