import type { Timer } from "../../../lib/clock/clock.js";
import { probeMsMax, sleepMsMin, tickMs } from "../limits.js";

/** What a heartbeat works with. */
export interface HeartbeatOutside {
  later(ms: number, call: (now: number) => void): Timer;
  /** Asks the other side for a sign of life. */
  ping(): void;
  /** No sign of life came in time. */
  silent(): void;
  /** Time has jumped: the machine slept. */
  woke(now: number): void;
}

/** Sees whether the other side is there, and whether the machine slept. Browsers show no server's pings. */
export class Heartbeat {
  #timer: Timer | undefined;
  #dueMs = 0;
  #heardMs = 0;
  /** When it was last asked; 0 once an answer has come. */
  #askedMs = 0;
  #answerMsMax = 0;
  #periodMs: number | undefined;

  constructor(private readonly outside: HeartbeatOutside) {}

  /** Begins to look after time; safe to call twice. */
  start(now: number): void {
    if (!this.#timer) this.#tickLater(now);
  }

  /** Looks after a connection as well, that must show life once in a period, in ms. */
  watch(periodMs: number, now: number): void {
    this.#periodMs = periodMs;
    this.heard(now);
  }

  /** There is no connection any more. */
  unwatch(): void {
    this.#periodMs = undefined;
  }

  /** A sign of life. */
  heard(now: number): void {
    this.#heardMs = now;
    this.#askedMs = 0;
  }

  /** The connection is in doubt: an answer must come soon. */
  probe(now: number): void {
    this.#ask(now, probeMsMax);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #tickLater(now: number): void {
    this.#dueMs = now + tickMs;
    this.#timer = this.outside.later(tickMs, (late) => {
      const hasSlept = late - this.#dueMs >= sleepMsMin;
      this.#tickLater(late);
      if (hasSlept) this.outside.woke(late);
      else this.#check(late);
    });
  }

  #check(now: number): void {
    if (this.#periodMs === undefined) return;
    if (this.#askedMs > 0) {
      if (now - this.#askedMs >= this.#answerMsMax) this.outside.silent();
    } else if (now - this.#heardMs >= this.#periodMs) this.#ask(now, this.#periodMs);
  }

  #ask(now: number, answerMsMax: number): void {
    this.#askedMs = now;
    this.#answerMsMax = answerMsMax;
    this.outside.ping();
  }
}
