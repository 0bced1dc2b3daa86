import type { Down } from "../../../gen/confab/mesh/v1/attach.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { Feed, type FeedEvent } from "./feed.js";
import type { GatewayMeter } from "./meter.js";
import type { OwnerStreams } from "./owner-streams.js";

/** First and longest wait before a channel is attached again, in ms; jittered. */
const attachRetryMsMin = 20;
const attachRetryMsMax = 1000;
/** A fetch or an attachment without an answer is asked again after this long, in ms. */
const silenceMsMax = 3000;
/** A channel that nobody follows stays attached this long, for clients that reconnect, in ms. */
const idleMsMax = 60_000;

/** What happens in feeds, for those who serve followers. */
export interface FeedListener {
  /** The channel is attached, for the first time or again. */
  attached(feed: Feed, now: number): void;
  /** An event was taken in, in order. */
  accepted(feed: Feed, event: FeedEvent, now: number): void;
}

/** The channels that this gateway receives, kept attached to their owners and free of gaps. */
export class Feeds {
  readonly #feeds = new Map<ChannelId, Feed>();

  constructor(
    private readonly streams: OwnerStreams,
    private readonly listener: FeedListener,
    private readonly random: () => number,
    private readonly meter?: GatewayMeter,
  ) {}

  get count(): number {
    return this.#feeds.size;
  }

  get(channel: ChannelId): Feed | undefined {
    return this.#feeds.get(channel);
  }

  /** The channel's feed, attached if it was not. */
  open(channel: ChannelId, now: number): Feed {
    const known = this.#feeds.get(channel);
    if (known) return known;
    const feed = new Feed(channel);
    this.#feeds.set(channel, feed);
    this.#attach(feed, now);
    return feed;
  }

  attached(address: string, alias: number, item: NonNullable<Down["item"]>, now: number): void {
    if (item.$case !== "attached") return;
    const { channelId, newest, epoch } = item.value;
    const feed = this.#feeds.get(channelId as ChannelId);
    const owner = feed && this.streams.ownerOf(feed.id);
    if (!feed || !owner || owner.address !== address || owner.epoch > epoch) return;
    this.streams.announce(address, alias, feed);
    feed.attached(newest ?? { seq: 0, id: 0 });
    this.listener.attached(feed, now);
    this.#fetchGap(feed, now);
  }

  /** An event of a channel that is attached, by the stream or fetched. */
  received(feed: Feed, event: FeedEvent, now: number): void {
    for (const next of feed.accept(event)) this.listener.accepted(feed, next, now);
    this.#fetchGap(feed, now);
  }

  heardOf(feed: Feed, seq: number, now: number): void {
    feed.heardOf(seq);
    this.#fetchGap(feed, now);
  }

  fetched(feed: Feed, range: { afterSeq: number; toSeq: number }, now: number): void {
    const asked = feed.fetching?.range;
    if (!asked || asked.after !== range.afterSeq || asked.to !== range.toSeq) return;
    // With nothing gained the next try waits for the sweep.
    if (feed.position && feed.position.seq <= asked.after) return;
    feed.fetching = undefined;
    this.#fetchGap(feed, now);
  }

  /** The channel is no longer attached where it was. */
  detached(feed: Feed, now: number): void {
    this.#detach(feed, this.#retryAt(feed, now));
  }

  streamClosed(address: string, now: number): void {
    this.streams.closed(address);
    for (const feed of this.#feeds.values()) {
      if (this.streams.addressOf(feed) === address) this.detached(feed, now);
    }
  }

  /** Owners of slots changed: attach where they are now. */
  ringChanged(slots: ReadonlySet<number>, now: number): void {
    for (const feed of this.#feeds.values()) {
      if (slots.has(slotOf(feed.id))) {
        if (feed.address !== undefined) this.#detach(feed, now);
        this.#attach(feed, now);
      }
    }
  }

  /** Mends what got no answer and lets go of what nobody wants; to be called every so often. */
  sweep(now: number): void {
    for (const feed of this.#feeds.values()) {
      if (feed.idleSince !== undefined && now - feed.idleSince > idleMsMax) this.#close(feed);
      else if (feed.address === undefined && now >= feed.retryAt) this.#attach(feed, now);
      else if (feed.fetching && now - feed.fetching.since > silenceMsMax) {
        feed.fetching = undefined;
        this.#fetchGap(feed, now);
      }
    }
  }

  #attach(feed: Feed, now: number): void {
    feed.tries++;
    const sent = this.streams.wish(feed, { $case: "attach", value: { position: feed.position } });
    feed.retryAt = sent ? now + silenceMsMax : this.#retryAt(feed, now);
  }

  #detach(feed: Feed, retryAt: number): void {
    this.streams.forget(feed);
    feed.detached(retryAt);
  }

  #retryAt(feed: Feed, now: number): number {
    const wait = Math.min(attachRetryMsMax, attachRetryMsMin * 2 ** Math.min(feed.tries, 10));
    return now + wait * (0.5 + this.random() / 2);
  }

  #fetchGap(feed: Feed, now: number): void {
    if (feed.fetching || feed.address === undefined) return;
    const range = feed.gap();
    if (!range) return;
    feed.fetching = { range, since: now };
    this.meter?.feedGap();
    this.streams.wish(feed, { $case: "fetch", value: { afterSeq: range.after, toSeq: range.to } });
  }

  #close(feed: Feed): void {
    this.#feeds.delete(feed.id);
    if (feed.address !== undefined) this.streams.wish(feed, { $case: "detach", value: {} });
    this.streams.forget(feed);
  }
}
