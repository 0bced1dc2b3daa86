/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time, as everything sees it that is not a pure core: real in production, simulated in tests. */
export interface Clock {
  /**
   * Milliseconds since the Unix epoch, with fractions down to the microsecond; may step like any wall
   * clock.
   */
  now(): number;
  /** Calls once, no sooner than after so many milliseconds. */
  after(ms: number, call: () => void): Timer;
  /** Calls once at the end of the present turn of the event loop: what came in together goes out together. */
  endOfTurn(call: () => void): void;
}

/** Waits so many milliseconds, or until the signal aborts; never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
