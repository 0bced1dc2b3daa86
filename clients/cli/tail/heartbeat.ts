import type { Clock, Timer } from "../../../lib/clock/clock.js";

/** What is watched. */
export interface Watched {
  readonly isPaused: boolean;
  send(ping: { ping: object }): void;
  close(): void;
}

/** Asks a gateway for signs of life, and ends a connection that gives none for two periods. */
export class Heartbeat {
  #heard = true;
  #silentPeriods = 0;
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly socket: Watched,
  ) {}

  /** A sign of life came in. */
  sign(): void {
    this.#heard = true;
  }

  /** Begins, or goes on with another period, in milliseconds. */
  start(periodMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.clock.after(periodMs, () => {
      this.#silentPeriods = this.#heard || this.socket.isPaused ? 0 : this.#silentPeriods + 1;
      this.#heard = false;
      if (this.#silentPeriods >= 2) return this.socket.close();
      this.socket.send({ ping: {} });
      this.start(periodMs);
    });
  }

  /** Watches no more. Safe to call twice. */
  close(): void {
    this.#timer?.cancel();
  }
}
