import type { Clock } from "../../../lib/clock/clock.js";
import { ConfabError, errorTable } from "../../../lib/errors/errors.js";
import { Backoff } from "../core/backoff.js";
import type { Lifetime } from "../lifetime.js";
import { callMsMax } from "../limits.js";

/** Tries again what failed in a way that passes. */
export class Patience {
  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly lifetime: Lifetime,
  ) {}

  /**
   * Calls until there is an answer, for so many milliseconds; each try is told how long it may take.
   *
   * @throws ConfabError that no other try can mend, or the last one when time is up or the client was closed
   */
  async call<Answer>(attempt: (timeoutMs: number) => Promise<Answer>, timeoutMs: number): Promise<Answer> {
    const endMs = this.clock.now() + timeoutMs;
    const backoff = new Backoff(this.random);
    for (;;) {
      try {
        return await attempt(Math.min(callMsMax, endMs - this.clock.now()));
      } catch (error) {
        if (!isRetryable(error) || this.lifetime.isOver) throw error;
        const pauseMs = backoff.next(error.retryMs);
        if (this.clock.now() + pauseMs >= endMs) throw error;
        await this.lifetime.sleep(this.clock, pauseMs);
        if (this.lifetime.isOver) throw error;
      }
    }
  }
}

/** Whether the same request may succeed later. */
export function isRetryable(error: unknown): error is ConfabError {
  return error instanceof ConfabError && errorTable[error.code].retry;
}
