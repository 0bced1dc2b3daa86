import type { ChannelId, Epoch } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import type { Slots } from "./slots.js";

/** How long a request waits for this server's own view to catch up with the sender's, in ms. */
const parkedMsMax = 1000;
/** Most requests that wait so. */
const parkedMax = 10_000;

interface Parked {
  readonly channel: ChannelId;
  readonly epoch: Epoch;
  readonly resume: (now: number) => void;
  done: boolean;
}

/**
 * Holds requests whose sender knows a newer epoch than this server, until it has learned of it too, and those
 * of slots that are frozen, until it is known who owns them.
 */
export class Parking {
  #parked: Parked[] = [];

  constructor(
    private readonly slots: Slots,
    private readonly isFrozen: (slot: number) => boolean,
    private readonly later: (ms: number, call: (now: number) => void) => void,
  ) {}

  /**
   * Calls `resume` when there is nothing to wait for any more, or the wait is over, or too many wait; at once
   * if there is nothing to wait for.
   */
  park(channel: ChannelId, epoch: Epoch, now: number, resume: (now: number) => void): void {
    if (!this.#waits(channel, epoch) || this.#parked.length >= parkedMax) return resume(now);
    const parked: Parked = { channel, epoch, resume, done: false };
    this.#parked.push(parked);
    this.later(parkedMsMax, (later) => {
      if (parked.done) return;
      this.#parked = this.#parked.filter((other) => other !== parked);
      parked.done = true;
      parked.resume(later);
    });
  }

  /** Ends the wait of all. */
  close(): void {
    this.#resume(this.#parked, 0);
  }

  /** To be called whenever the slots have changed, or some are frozen no longer. */
  slotsChanged(now: number): void {
    const ready = this.#parked.filter(({ channel, epoch }) => !this.#waits(channel, epoch));
    if (ready.length > 0) this.#resume(ready, now);
  }

  #waits(channel: ChannelId, epoch: Epoch): boolean {
    return this.slots.epochOf(channel) < epoch || this.isFrozen(slotOf(channel));
  }

  #resume(ready: readonly Parked[], now: number): void {
    for (const parked of ready) parked.done = true;
    this.#parked = this.#parked.filter(({ done }) => !done);
    for (const { resume } of ready) resume(now);
  }
}
