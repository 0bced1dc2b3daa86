import type { Position } from "../../../gen/json/confab/v1/types.js";
import { channelsPerFrameMax } from "../limits.js";
import type { Feed } from "./feed.js";

/** A channel and where to begin; without a position, now. */
export interface Wanted {
  readonly channelId: string;
  readonly position?: Position;
}

interface Followed {
  readonly feeds: Set<Feed>;
  /** The newest event that came over a connection. */
  latest?: Position;
}

/** Which channels are followed, by which feeds. */
export class FollowedChannels {
  readonly #channels = new Map<string, Followed>();

  get size(): number {
    return this.#channels.size;
  }

  /** @returns whether the channel has to be asked for */
  add(feed: Feed): boolean {
    const known = this.#channels.get(feed.channelId);
    if (!known) {
      this.#channels.set(feed.channelId, { feeds: new Set([feed]) });
      return true;
    }
    known.feeds.add(feed);
    if (known.latest) feed.subscribed(known.latest);
    return false;
  }

  /** @returns whether nobody follows the channel any more */
  remove(feed: Feed): boolean {
    const known = this.#channels.get(feed.channelId);
    known?.feeds.delete(feed);
    return known?.feeds.size === 0 && this.#channels.delete(feed.channelId);
  }

  /** Forgets a channel; returns the feeds that followed it. */
  end(channelId: string): readonly Feed[] {
    const feeds = this.feeds(channelId);
    this.#channels.delete(channelId);
    return feeds;
  }

  has(channelId: string): boolean {
    return this.#channels.has(channelId);
  }

  ids(): readonly string[] {
    return [...this.#channels.keys()];
  }

  /** The feeds of a channel. */
  feeds(channelId: string): readonly Feed[] {
    return [...(this.#channels.get(channelId)?.feeds ?? [])];
  }

  /** The connection has brought a channel to this position. */
  reached(channelId: string, position: Position): void {
    const known = this.#channels.get(channelId);
    if (known && position.seq >= (known.latest?.seq ?? 0)) known.latest = position;
  }

  /** What to ask a new connection for, a frame each. */
  wanted(channelIds = this.ids()): Wanted[][] {
    const all = channelIds
      .filter((channelId) => this.has(channelId))
      .map((channelId) => this.#want(channelId));
    const frames: Wanted[][] = [];
    for (let i = 0; i < all.length; i += channelsPerFrameMax)
      frames.push(all.slice(i, i + channelsPerFrameMax));
    return frames;
  }

  /** From the feed that is furthest back; from now if one begins now, as the others can fetch the rest. */
  #want(channelId: string): Wanted {
    const positions = this.feeds(channelId).map(({ position }) => position);
    const [first, ...rest] = positions;
    if (!first || positions.includes(undefined)) return { channelId };
    const least = rest.reduce<Position>((one, other) => (other && other.seq < one.seq ? other : one), first);
    return { channelId, position: { seq: least.seq, id: least.id } };
  }
}
