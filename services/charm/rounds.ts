import { type Clock, sleep } from "../../lib/clock/clock.js";
import { backoffMs } from "./backoff.js";

/** What the rounds are made of. */
interface RoundsParts {
  readonly clock: Clock;
  readonly run: () => Promise<void>;
  /** Told why a round failed and when it is tried again. */
  readonly failed: (error: unknown, retryMs: number) => void;
}

/**
 * Runs one round at a time: one more whenever it was asked for meanwhile, and again, later, after a
 * failure.
 */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #abort = new AbortController();
  #wanted = false;
  #running: Promise<void> | undefined;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  request(): void {
    this.#wanted = true;
    this.#running ??= this.#loop();
  }

  /** Waits for the round under way; none follows. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { clock, run, failed } = this.#parts;
    const { signal } = this.#abort;
    for (let failures = 0; this.#wanted && !signal.aborted; ) {
      this.#wanted = false;
      try {
        await run();
        failures = 0;
      } catch (error) {
        this.#wanted = true;
        const retryMs = backoffMs(++failures);
        failed(error, retryMs);
        await sleep(clock, retryMs, signal);
      }
    }
    this.#running = undefined;
  }
}
