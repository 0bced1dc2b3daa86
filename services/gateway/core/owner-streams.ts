import type { Up } from "../../../gen/confab/mesh/v1/attach.js";
import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { Aliases } from "./aliases.js";
import type { Feed } from "./feed.js";

type Wish = NonNullable<Up["wish"]>;

/** What the core asks of the streams to channel servers. */
export interface StreamsOutside {
  ownerOf(slot: number): OwnerRecord | undefined;
  /** Sends over the stream to an address, opened when there is none. */
  up(address: string, items: Up[]): void;
  flushSoon(): void;
}

/**
 * The gateway's side of its streams to channel servers: wishes gathered into one frame a turn, aliases
 * resolved.
 */
export class OwnerStreams {
  readonly #outboxes = new Map<string, Up[]>();
  readonly #aliases = new Map<string, Aliases>();

  constructor(private readonly outside: StreamsOutside) {}

  ownerOf(channel: ChannelId): OwnerRecord | undefined {
    return this.outside.ownerOf(slotOf(channel));
  }

  /** Where a feed's wishes go: to the server where the channel is attached, or else to its owner. */
  addressOf(feed: Feed): string | undefined {
    return feed.address ?? this.ownerOf(feed.id)?.address;
  }

  /**
   * Sends a wish to the server where the channel is attached, or else to its owner; false if there is none.
   */
  wish(feed: Feed, wish: Wish): boolean {
    const owner = this.ownerOf(feed.id);
    const address = this.addressOf(feed);
    if (!owner || !address) return false;
    const outbox = this.#outboxes.get(address) ?? [];
    outbox.push({ channelId: feed.id, epoch: owner.epoch, wish });
    this.#outboxes.set(address, outbox);
    this.outside.flushSoon();
    return true;
  }

  flush(): void {
    const outboxes = [...this.#outboxes];
    this.#outboxes.clear();
    for (const [address, items] of outboxes) this.outside.up(address, items);
  }

  /** The server at an address, where the feed is attached from now on, calls it so. */
  announce(address: string, alias: number, feed: Feed): void {
    this.forget(feed);
    const aliases = this.#aliases.get(address) ?? new Aliases();
    this.#aliases.set(address, aliases);
    aliases.set(alias, feed);
    feed.address = address;
    feed.alias = alias;
  }

  /** The feed behind an alias, if the channel is attached at that server still. */
  resolve(address: string, alias: number): Feed | undefined {
    return this.#aliases.get(address)?.get(alias);
  }

  /** The feed is not attached any more where it was. */
  forget(feed: Feed): void {
    if (feed.address !== undefined) this.#aliases.get(feed.address)?.delete(feed.alias, feed);
    feed.address = undefined;
    feed.alias = 0;
  }

  /** The stream to an address broke, and with it its aliases. */
  closed(address: string): void {
    this.#aliases.delete(address);
  }
}
