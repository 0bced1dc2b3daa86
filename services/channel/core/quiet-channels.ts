import type { ChannelId } from "../../../lib/ids/ids.js";
import type { Outside } from "./store-work.js";

/** How long after a channel's last event its newest position is said again, in ms. */
const quietMs = 5000;
/** How often that is looked at, in ms. */
const sweepMs = 1000;

/** Notices channels that fell quiet, so that a gateway that lost the last event hears of it. */
export class QuietChannels {
  /** Channels by their last event, oldest first. */
  readonly #lastEvent = new Map<ChannelId, number>();
  #sweeping = false;
  #closed = false;

  constructor(
    private readonly outside: Pick<Outside, "later">,
    private readonly quiet: (channel: ChannelId) => void,
  ) {}

  active(channel: ChannelId, now: number): void {
    this.#lastEvent.delete(channel);
    this.#lastEvent.set(channel, now);
    this.#sweepLater();
  }

  /** Whether its newest position is still to be said again. */
  has(channel: ChannelId): boolean {
    return this.#lastEvent.has(channel);
  }

  close(): void {
    this.#closed = true;
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
    for (const [channel, at] of this.#lastEvent) {
      if (now - at < quietMs && now >= at) break;
      this.#lastEvent.delete(channel);
      this.quiet(channel);
    }
    if (this.#lastEvent.size > 0) this.#sweepLater();
  }
}
