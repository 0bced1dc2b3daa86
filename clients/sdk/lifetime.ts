import type { Clock } from "../../lib/clock/clock.js";

/** The time until a client is closed. A signal would warn of many listeners; many calls are no mistake. */
export class Lifetime {
  #over = false;
  readonly #listeners = new Set<() => void>();

  get isOver(): boolean {
    return this.#over;
  }

  /** Calls when it is over, at once if it is; returns what takes that back. */
  onEnd(call: () => void): () => void {
    if (this.#over) call();
    else this.#listeners.add(call);
    return () => void this.#listeners.delete(call);
  }

  /** Waits so many milliseconds, or until it is over or one of the signals aborts. */
  sleep(clock: Clock, ms: number, signals: readonly AbortSignal[] = []): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        timer.cancel();
        forget();
        for (const signal of signals) signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = clock.after(ms, done);
      let forget = () => {};
      forget = this.onEnd(done);
      for (const signal of signals) signal.addEventListener("abort", done);
      if (signals.some(({ aborted }) => aborted)) done();
    });
  }

  /** Safe to call twice. */
  end(): void {
    this.#over = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const call of listeners) call();
  }
}
