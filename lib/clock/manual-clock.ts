import type { Clock, Timer } from "./clock.js";

interface Due {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that stands still until a test moves it. Timers run in order of time, then of their making. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Due>();
  #turn: (() => void)[] = [];

  constructor(startMs = 1_700_000_000_000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): Timer {
    const due = { at: this.#now + Math.max(0, ms), call };
    this.#timers.add(due);
    return { cancel: () => this.#timers.delete(due) };
  }

  endOfTurn(call: () => void): void {
    this.#turn.push(call);
  }

  /** Ends turns until nothing waits for the end of one. */
  runTurn(): void {
    while (this.#turn.length > 0) {
      const calls = this.#turn;
      this.#turn = [];
      for (const call of calls) call();
    }
  }

  /** Lets so many milliseconds pass in one go, ending the turn before and after every timer. */
  advance(ms: number): void {
    const target = this.#now + ms;
    this.runTurn();
    for (let due = this.#next(target); due; due = this.#next(target)) {
      this.#fire(due);
      this.runTurn();
    }
    this.#now = target;
  }

  /** As `advance`, but promises settle, and what waits for them goes on, before and after every timer. */
  async pass(ms: number): Promise<void> {
    const target = this.#now + ms;
    await this.#settle();
    for (let due = this.#next(target); due; due = this.#next(target)) {
      this.#fire(due);
      await this.#settle();
    }
    this.#now = target;
  }

  async #settle(): Promise<void> {
    do {
      this.runTurn();
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#turn.length > 0);
  }

  #fire(due: Due): void {
    this.#timers.delete(due);
    this.#now = Math.max(this.#now, due.at);
    due.call();
  }

  #next(target: number): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#timers) {
      if (due.at <= target && (!next || due.at < next.at)) next = due;
    }
    return next;
  }
}
