import type { Up } from "../../../gen/confab/mesh/v1/attach.js";
import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import type { Feed } from "./feed.js";

type Wish = NonNullable<Up["wish"]>;

/** What the core asks of the streams to channel servers. */
export interface StreamsOutside {
  ownerOf(slot: number): OwnerRecord | undefined;
  /** Sends over the stream to an address, opened when there is none. */
  up(address: string, items: Up[]): void;
  flushSoon(): void;
}

/** What the server at one address calls its channels; it never uses a number again. */
interface Aliases {
  readonly feeds: Map<number, Feed>;
  readonly numbers: Map<Feed, number>;
}

/**
 * The gateway's side of its streams to channel servers: wishes gathered into one frame a turn, aliases
 * resolved.
 */
export class OwnerStreams {
  readonly #outboxes = new Map<string, Up[]>();
  /** Feeds by the alias that the server at an address gave them: each only by its latest there. */
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

  announce(address: string, alias: number, feed: Feed): void {
    const aliases = this.#aliases.get(address) ?? { feeds: new Map(), numbers: new Map() };
    this.#aliases.set(address, aliases);
    forget(aliases, feed);
    aliases.feeds.set(alias, feed);
    aliases.numbers.set(feed, alias);
  }

  /** The feed behind an alias, if the channel is attached at that server still. */
  resolve(address: string, alias: number): Feed | undefined {
    const feed = this.#aliases.get(address)?.feeds.get(alias);
    return feed?.address === address ? feed : undefined;
  }

  /** The feed will not be used any more. */
  forget(feed: Feed): void {
    for (const aliases of this.#aliases.values()) forget(aliases, feed);
  }

  /** The stream to an address broke, and with it its aliases. */
  closed(address: string): void {
    this.#aliases.delete(address);
  }
}

function forget({ feeds, numbers }: Aliases, feed: Feed): void {
  const alias = numbers.get(feed);
  if (alias !== undefined) feeds.delete(alias);
  numbers.delete(feed);
}
