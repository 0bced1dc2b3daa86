import type { Clock, Timer } from "../../../lib/clock/clock.js";
import { grouped } from "../print/numbers.js";
import type { Terminal } from "../terminal/terminal.js";

/** How often progress is told, in milliseconds. */
const periodMs = 1000;
/** From so many messages on it is told even if nobody seems to watch. */
const manyMessages = 1000;

/** Tells every second how far posting has come, if it has come further. */
export class Progress {
  #timer: Timer | undefined;
  #last = 0;

  constructor(
    private readonly clock: Clock,
    private readonly terminal: Pick<Terminal, "say" | "isWatched">,
    private readonly posted: () => number,
  ) {
    this.#again();
  }

  /** Tells nothing more. Safe to call twice. */
  close(): void {
    this.#timer?.cancel();
  }

  #again(): void {
    this.#timer = this.clock.after(periodMs, () => {
      const posted = this.posted();
      const isOfInterest = this.terminal.isWatched || posted >= manyMessages;
      if (isOfInterest && posted > this.#last) {
        const perSecond = ((posted - this.#last) * 1000) / periodMs;
        this.terminal.say(`posted ${grouped(posted)} (${grouped(perSecond)}/s)`);
      }
      this.#last = posted;
      this.#again();
    });
  }
}
