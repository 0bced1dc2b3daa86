import type { ChannelId } from "../../../lib/ids/ids.js";
import { activeChannelsMaxDefault, channelIdleMsDefault } from "../../../lib/limits/limits.js";
import type { Channel } from "./channel.js";
import type { Outside } from "./store-work.js";

/** How often it is looked for idle channels, in ms. */
const sweepMs = 1000;
/** Most channels of one sweep, and of one look for room, that are judged: each takes a microsecond or so. */
const judgedPerSweepMax = 10_000;
const judgedForRoomMax = 16;

/** How many channels an owner keeps in memory, and for how long without use. */
export interface ActiveBounds {
  readonly max: number;
  readonly idleMs: number;
}

const usualBounds: ActiveBounds = { max: activeChannelsMaxDefault, idleMs: channelIdleMsDefault };

/**
 * The channels in memory, bounded: the least recently used ones are evicted when there are too many, or when
 * nobody used them for long. One that is at work stays whatever the bounds say, and counts as used.
 */
export class ActiveChannels {
  /** The least recently used first. */
  readonly #channels = new Map<ChannelId, { readonly channel: Channel; usedAt: number }>();
  readonly #bounds: ActiveBounds;
  #newest: ChannelId | undefined;
  #sweeping = false;
  #closed = false;

  constructor(
    private readonly outside: Pick<Outside, "later" | "activeBounds">,
    private readonly isIdle: (channel: Channel, now: number) => boolean,
    /** Is to delete it. */
    private readonly evict: (channel: Channel) => void,
  ) {
    this.#bounds = outside.activeBounds ?? usualBounds;
  }

  get size(): number {
    return this.#channels.size;
  }

  *all(): Iterable<Channel> {
    for (const { channel } of this.#channels.values()) yield channel;
  }

  /** Finds a channel without using it. */
  peek(id: ChannelId): Channel | undefined {
    return this.#channels.get(id)?.channel;
  }

  use(id: ChannelId, now: number): Channel | undefined {
    const entry = this.#channels.get(id);
    if (entry) this.#touch(id, entry, now);
    return entry?.channel;
  }

  add(channel: Channel, now: number): void {
    this.#touch(channel.id, { channel, usedAt: now }, now);
    this.#judgeOldest(judgedForRoomMax, now, () => this.size > this.#bounds.max);
    this.#sweepLater();
  }

  delete(id: ChannelId): void {
    this.#channels.delete(id);
    if (this.#newest === id) this.#newest = undefined;
  }

  close(): void {
    this.#closed = true;
  }

  #touch(id: ChannelId, entry: { readonly channel: Channel; usedAt: number }, now: number): void {
    entry.usedAt = now;
    if (this.#newest === id) return;
    this.#channels.delete(id);
    this.#channels.set(id, entry);
    this.#newest = id;
  }

  /** Evicts the oldest for as long as they are due, but those at work. */
  #judgeOldest(count: number, now: number, isDue: (usedAt: number) => boolean): void {
    let left = count;
    for (const [id, entry] of this.#channels) {
      if (left-- === 0 || !isDue(entry.usedAt)) return;
      if (this.isIdle(entry.channel, now)) this.evict(entry.channel);
      else this.#touch(id, entry, now);
    }
  }

  #sweepLater(): void {
    if (this.#sweeping || this.#closed) return;
    this.#sweeping = true;
    this.outside.later(sweepMs, (now) => {
      this.#sweeping = false;
      if (!this.#closed) this.#sweep(now);
    });
  }

  #sweep(now: number): void {
    const { max, idleMs } = this.#bounds;
    // A clock that was set back makes them due as well.
    const isDue = (usedAt: number) => this.size > max || now - usedAt >= idleMs || now < usedAt;
    this.#judgeOldest(Math.min(judgedPerSweepMax, this.size), now, isDue);
    if (this.size > 0) this.#sweepLater();
  }
}
