import type { Clock, Timer } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { LeaseLost } from "./coordinator.js";

interface Held {
  readonly ttlMs: number;
  readonly keys: Set<string>;
  timer: Timer;
}

/** Which keys live under which lease, and until when. */
export class MemoryLeases {
  readonly #clock: Clock;
  readonly #expired: (keys: readonly string[]) => void;
  readonly #held = new Map<string, Held>();
  readonly #leaseOf = new Map<string, string>();
  #granted = 0;

  /** `expired` is told the keys that end with their lease. */
  constructor(clock: Clock, expired: (keys: readonly string[]) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  /** Begins a lease and returns its id. */
  grant(ttlMs: number): string {
    if (!(ttlMs > 0)) throw new ConfabError("invalid_argument", "ttlMs");
    const id = String(++this.#granted);
    this.#held.set(id, { ttlMs, keys: new Set(), timer: this.#arm(id, ttlMs) });
    return id;
  }

  keepAlive(id: string): void {
    const held = this.check(id);
    held.timer.cancel();
    held.timer = this.#arm(id, held.ttlMs);
  }

  /** The lease, unless it is gone: then throws `LeaseLost`. */
  check(id: string): Held {
    const held = this.#held.get(id);
    if (!held) throw new LeaseLost(`lease ${id} has expired or was revoked`);
    return held;
  }

  /** Puts a key under a lease and no other one. */
  bind(key: string, id: string | undefined): void {
    const former = this.#leaseOf.get(key);
    if (former !== undefined) this.#held.get(former)?.keys.delete(key);
    this.#leaseOf.delete(key);
    if (id === undefined) return;
    this.check(id).keys.add(key);
    this.#leaseOf.set(key, id);
  }

  /** Ends a lease and its keys; one that is gone already stays so. */
  end(id: string): void {
    const held = this.#held.get(id);
    if (!held) return;
    held.timer.cancel();
    this.#held.delete(id);
    for (const key of held.keys) this.#leaseOf.delete(key);
    this.#expired([...held.keys].sort());
  }

  /** Forgets all leases; their keys stay as they are. */
  close(): void {
    for (const { timer } of this.#held.values()) timer.cancel();
    this.#held.clear();
  }

  #arm(id: string, ttlMs: number): Timer {
    return this.#clock.after(ttlMs, () => this.end(id));
  }
}
