import type { Down, Up } from "../../../gen/confab/mesh/v1/attach.js";
import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { ClientFrame } from "../../../gen/confab/v1/realtime.js";
import { ConfabError, isErrorCode } from "../../../lib/errors/errors.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { AllConversations } from "./all-conversations.js";
import { ClientFrames } from "./client-frames.js";
import { ClientSends, type SendsOutside } from "./client-sends.js";
import type { Feed } from "./feed.js";
import { Feeds } from "./feeds.js";
import { Follows } from "./follows.js";
import type { GatewayMeter } from "./meter.js";
import { OwnerStreams } from "./owner-streams.js";
import { type ClientConnection, type Identity, Session } from "./session.js";
import type { DeliveryTracer } from "./tracer.js";

/** How often what got no answer is looked at, in ms. */
const sweepMs = 200;

/** What a gateway's core does to the world. */
export interface GatewayOutside {
  ownerOf(slot: number): OwnerRecord | undefined;
  /** Sends over the stream to a channel server, opened when there is none. */
  up(address: string, items: Up[]): void;
  /** Asks for `flush` at the end of this turn. */
  flushSoon(): void;
  later(ms: number, call: (now: number) => void): void;
  random(): number;
  /** Sends to all connections that joined the topic. */
  publish(topic: string, frame: string | Uint8Array): void;
  /** Carries out what clients send. */
  readonly sends: SendsOutside;
  readonly meter?: GatewayMeter | undefined;
  /** Traces sampled events; none is without. */
  readonly tracer?: DeliveryTracer | undefined;
}

/** The heart of a gateway: connections on one side, streams from channel servers on the other. */
export class Gateway {
  readonly #streams: OwnerStreams;
  readonly #feeds: Feeds;
  readonly #follows: Follows;
  readonly #all: AllConversations;
  readonly #clientFrames: ClientFrames;
  readonly #sessions = new Set<Session>();
  #closed = false;

  constructor(private readonly outside: GatewayOutside) {
    this.#streams = new OwnerStreams(outside);
    const publish = (topic: string, frame: string | Uint8Array) => outside.publish(topic, frame);
    this.#all = new AllConversations(this.#streams, {
      follow: (session, channel, requestId, from, now) =>
        this.#follows.add(session, this.#feeds.open(channel, now), requestId, from, now),
      feedOf: (session, channel) => {
        const feed = this.#feeds.get(channel);
        return feed && this.#follows.find(session, feed) !== undefined ? feed : undefined;
      },
      isAdmitted: (session, feed) => this.#follows.isAdmitted(session, feed),
      countOf: (session) => this.#follows.countOf(session),
    });
    this.#follows = new Follows(this.#streams, publish, this.#all, outside.meter, outside.tracer);
    this.#feeds = new Feeds(
      this.#streams,
      {
        attached: (feed, now) => {
          this.#follows.attached(feed, now);
          this.#all.attached(feed, now);
        },
        accepted: (feed, event, now) => {
          const ended = event.creationTraceparent ? outside.tracer?.delivering(feed.id, event) : undefined;
          this.#follows.accepted(feed, event, now);
          this.#all.accepted(feed, event, now);
          ended?.();
        },
      },
      () => outside.random(),
      outside.meter,
    );
    const sends = new ClientSends(
      outside.sends,
      () => outside.random(),
      (session) => this.#sessions.has(session),
    );
    this.#clientFrames = new ClientFrames(this.#feeds, this.#follows, this.#streams, sends, this.#all);
    this.#sweepLater();
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Channels that are received here. */
  get feedCount(): number {
    return this.#feeds.count;
  }

  /** How many follow, whatever their state, and how many of them are asking or catching up. */
  followCounts(): { all: number; asking: number; catchingUp: number } {
    return this.#follows.counts();
  }

  opened(connection: ClientConnection, identity: Identity): Session {
    const session = new Session(connection, identity);
    this.#sessions.add(session);
    session.hello();
    return session;
  }

  received(session: Session, frame: ClientFrame, now: number): void {
    if (this.#sessions.has(session)) this.#clientFrames.received(session, frame, now);
  }

  drained(session: Session, now: number): void {
    this.#follows.drained(session, now);
  }

  ended(session: Session, now: number): void {
    if (!this.#sessions.delete(session)) return;
    this.#all.ended(session);
    this.#follows.ended(session, now);
  }

  down(address: string, items: readonly Down[], now: number): void {
    for (const item of items) this.#downItem(address, item, now);
  }

  streamClosed(address: string, now: number): void {
    this.#feeds.streamClosed(address, now);
  }

  ringChanged(slots: readonly number[], now: number): void {
    this.#feeds.ringChanged(new Set(slots), now);
  }

  flush(): void {
    this.#streams.flush();
  }

  /** Asks all clients to come back elsewhere, each at a random moment of a window (ms). */
  goAway(windowMs: number): void {
    for (const session of this.#sessions) {
      const reconnectInMs = Math.floor(this.outside.random() * windowMs);
      session.tell({ $case: "goAway", value: { reconnectInMs } });
    }
  }

  /** Ends all connections; clients come back elsewhere. */
  close(code: number, reason: string): void {
    this.#closed = true;
    for (const session of this.#sessions) session.connection.close(code, reason);
    this.#sessions.clear();
  }

  #downItem(address: string, { alias, item }: Down, now: number): void {
    if (!item) return;
    if (item.$case === "attached") return this.#feeds.attached(address, alias, item, now);
    const feed = alias > 0 ? this.#streams.resolve(address, alias) : this.#named(item);
    if (!feed) return;
    switch (item.$case) {
      case "delivery":
        return this.#feeds.received(feed, item.value, now);
      case "transient": {
        const { afterSeq, frame, author } = item.value;
        if (feed.position && feed.position.seq >= afterSeq) {
          this.#follows.transient(feed, frame, author);
        }
        return;
      }
      case "newest":
        return this.#feeds.heardOf(feed, item.value.seq, now);
      case "member":
        return this.#fromOwner(feed, address, () => this.#follows.answered(feed, item.value, now));
      case "fetched":
        return this.#fromOwner(feed, address, () => this.#fetched(feed, item.value, now));
      case "memberships":
        return this.#fromOwner(feed, address, () => this.#all.listed(item.value, now));
      case "refused":
        if (this.#streams.addressOf(feed) === address) this.#refused(feed, item.value, now);
        return;
      case "detached":
        return this.#fromOwner(feed, address, () => this.#feeds.detached(feed, now));
    }
  }

  #fetched(feed: Feed, { events, fetch, fromStore }: DownValue<"fetched">, now: number): void {
    for (const event of events) this.#feeds.received(feed, event, now);
    if (fetch) this.#feeds.fetched(feed, fetch, now);
    this.#follows.fetched(feed, events, fromStore, now);
  }

  /** Ownership heals by itself; what else the owner refuses is told to those who asked. */
  #refused(feed: Feed, { refusal, userId }: DownValue<"refused">, now: number): void {
    if (!refusal || refusal.retryMs > 0) return this.#feeds.detached(feed, now);
    const code = isErrorCode(refusal.code) ? refusal.code : "internal";
    this.#follows.refused(feed, userId, new ConfabError(code, refusal.field, refusal.message), now);
  }

  /** Answers of a server where the channel is no longer attached say nothing. */
  #fromOwner(feed: Feed, address: string, use: () => void): void {
    if (feed.address === address) use();
  }

  #named(item: NonNullable<Down["item"]>): Feed | undefined {
    return "channelId" in item.value ? this.#feeds.get(item.value.channelId as ChannelId) : undefined;
  }

  #sweepLater(): void {
    this.outside.later(sweepMs, (now) => {
      if (this.#closed) return;
      this.#feeds.sweep(now);
      this.#follows.sweep(now);
      this.#all.sweep(now);
      this.#sweepLater();
    });
  }
}

type DownValue<Case> = Extract<NonNullable<Down["item"]>, { $case: Case }>["value"];
