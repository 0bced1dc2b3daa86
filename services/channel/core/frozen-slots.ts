import { slotOf } from "../../../lib/ring/slot.js";
import type { Channel } from "./channel.js";

/** No slot is frozen while a write of one of its channels is older than this, in ms. */
const writeMsMax = 20;
/** How long it is waited for the writes of frozen slots to come to their end, in ms. */
const quietMsMax = 25;

/** What frozen slots need of their server. */
export interface FrozenSlotsParts {
  owns(slot: number): boolean;
  channels(): Iterable<Channel>;
  later(ms: number, call: (now: number) => void): void;
  /** Slots are frozen no longer: what waited for that can go on. */
  thawed(now: number): void;
}

/** Slots that become quiet, and who is told which did. */
interface Quieting {
  readonly slots: ReadonlySet<number>;
  /** Channels with a write in flight. */
  readonly busy: Set<Channel>;
  readonly done: (quiet: number[]) => void;
}

/**
 * Slots in which nothing new is begun, so that their owner can release them: new requests wait, and what was
 * being written comes to its end. A slot is quiet once no write of this server to its channels is in flight.
 * Then everything that it wrote there is on a majority of the replicas, and nothing of it can land late: the
 * next owner need not write the tail again.
 */
export class FrozenSlots {
  readonly #frozen = new Set<number>();
  #quieting: Quieting | undefined;

  constructor(private readonly parts: FrozenSlotsParts) {}

  has(slot: number): boolean {
    return this.#frozen.has(slot);
  }

  /**
   * Freezes those of the slots that are owned and whose writes do well, and tells which are quiet: as soon as
   * all are, or when it has taken long enough. Those that are not, then, are thawed again; quiet ones stay
   * frozen. One such request at a time.
   */
  freeze(slots: readonly number[], now: number, done: (quiet: number[]) => void): void {
    const taken = new Set(slots.filter((slot) => this.parts.owns(slot) && !this.#frozen.has(slot)));
    const channels = [...this.parts.channels()].filter(({ id }) => taken.has(slotOf(id)));
    for (const { id, writeUnderWay } of channels) {
      if (writeUnderWay && (writeUnderWay.inDoubt || now - writeUnderWay.since > writeMsMax))
        taken.delete(slotOf(id));
    }
    for (const slot of taken) this.#frozen.add(slot);
    const frozen = channels.filter(({ id }) => taken.has(slotOf(id)));
    for (const channel of frozen) channel.freeze();
    const busy = new Set(frozen.filter(({ writeUnderWay }) => writeUnderWay !== undefined));
    const quieting = { slots: taken, busy, done };
    this.#quieting = quieting;
    if (busy.size === 0) return this.#finish(now);
    this.parts.later(quietMsMax, (later) => this.#quieting === quieting && this.#finish(later));
  }

  /** A write of the channel has come to its end. */
  writeEnded(channel: Channel, now: number): void {
    if (this.#quieting?.busy.delete(channel) && this.#quieting.busy.size === 0) this.#finish(now);
  }

  /** The slots are not released after all. */
  thaw(slots: readonly number[], now: number): void {
    const thawed = new Set(slots.filter((slot) => this.#frozen.delete(slot)));
    if (thawed.size === 0) return;
    for (const channel of [...this.parts.channels()]) if (thawed.has(slotOf(channel.id))) channel.thaw(now);
    this.parts.thawed(now);
  }

  /** This server owns the slot no longer. */
  ended(slot: number): void {
    this.#frozen.delete(slot);
  }

  /** Nothing is released any more. */
  close(): void {
    const quieting = this.#quieting;
    this.#quieting = undefined;
    quieting?.done([]);
  }

  #finish(now: number): void {
    const { slots, busy, done } = this.#quieting!;
    this.#quieting = undefined;
    const restless = new Set([...busy].map(({ id }) => slotOf(id)));
    this.thaw([...restless], now);
    done([...slots].filter((slot) => !restless.has(slot) && this.#frozen.has(slot)));
  }
}
