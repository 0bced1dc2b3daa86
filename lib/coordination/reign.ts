import type { Clock, Timer } from "../clock/clock.js";
import { type Entry, type Lease, LeaseLost } from "./coordinator.js";
import { keepAliveMs, leaseTtlMs } from "./lease-times.js";

/** How long before its lease could end a leader steps down that is not told that it goes on, in ms. */
const marginMs = 500;

/** One time of leadership: keeps its lease alive and ends when in doubt. */
export class Reign {
  /** Resolves with the reason once it is over. */
  readonly over: Promise<string>;
  #resolve: (why: string) => void = () => {};
  #revision = 0;
  #seenOwn = false;
  #ended = false;
  readonly #timers = new Set<Timer>();
  #doubt: Timer;

  /** To be made before its lease is asked for, as the lease's time may begin then. */
  constructor(private readonly clock: Clock) {
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#doubt = this.#armDoubt();
  }

  /** Revision of the key that makes it the leader. */
  get revision(): number {
    return this.#revision;
  }

  /** Begins, unless that took so long that it would be over; whether it does. */
  begin(lease: Lease, revision: number): boolean {
    this.#revision = revision;
    if (!this.#ended) this.#keepAliveLater(lease);
    return !this.#ended;
  }

  /** News of the key, which may lag behind the election: what is older than it says nothing. */
  heard(holder: Entry | undefined): void {
    if (holder?.revision === this.#revision) this.#seenOwn = true;
    else if (holder && holder.revision > this.#revision) this.end("another has the key");
    else if (this.#seenOwn) this.end("the key is gone");
  }

  end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#resolve(why);
  }

  #armDoubt(): Timer {
    return this.#after(leaseTtlMs - marginMs, () => this.end("the lease may be lost"));
  }

  #keepAliveLater(lease: Lease): void {
    this.#after(keepAliveMs, () => void this.#keepAlive(lease));
  }

  async #keepAlive(lease: Lease): Promise<void> {
    // The lease's new time begins when this is sent, at the earliest.
    let stale = this.#armDoubt();
    try {
      await lease.keepAlive();
      [stale, this.#doubt] = [this.#doubt, stale];
    } catch (error) {
      if (error instanceof LeaseLost) return this.end("the lease is lost");
    }
    this.#timers.delete(stale);
    stale.cancel();
    if (!this.#ended) this.#keepAliveLater(lease);
  }

  #after(ms: number, call: () => void): Timer {
    const timer = this.clock.after(ms, () => {
      this.#timers.delete(timer);
      call();
    });
    this.#timers.add(timer);
    return timer;
  }
}
