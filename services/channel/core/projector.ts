import type { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Position, Seq } from "../../../lib/ids/ids.js";
import { memberRows } from "./membership.js";
import type { Outside } from "./store-work.js";

/** Wait before a projection that failed is tried again, in ms. */
const retryMs = 200;
/**
 * With more events than this behind the tail, a channel takes no writes until the projections have caught
 * up.
 */
const unprojectedEventsMax = 1000;

/**
 * Carries a channel's changes of membership into the tables beside the log, in order, after they are
 * confirmed.
 */
export class Projector {
  readonly #pending: Event[] = [];
  #closed = false;
  #running = false;

  constructor(
    private readonly channel: ChannelId,
    private readonly outside: Outside,
    /** Called when a channel that was too far behind is no longer. */
    private readonly caughtUp: (now: number) => void,
  ) {}

  add(event: Event): void {
    this.#pending.push(event);
    if (!this.#running) this.#project();
  }

  /** Everything up to this `seq` is projected. */
  projected(tail: Position): Seq {
    const next = this.#pending[0];
    return next ? next.seq - 1 : tail.seq;
  }

  isTooFarBehind(tail: Position): boolean {
    return tail.seq - this.projected(tail) > unprojectedEventsMax;
  }

  close(): void {
    this.#closed = true;
  }

  #project(): void {
    const event = this.#pending[0];
    this.#running = event !== undefined;
    if (!event) return;
    this.outside.store.project(memberRows(this.channel, event), (outcome, now) => {
      if (this.#closed) return;
      if ("failure" in outcome) return this.outside.later(retryMs, () => !this.#closed && this.#project());
      this.#pending.shift();
      this.#project();
      this.caughtUp(now);
    });
  }
}
