import { type Clock, sleep } from "../../lib/clock/clock.js";
import type { Log } from "../../lib/log/log.js";
import type { LogStore } from "../../lib/store/log-store.js";
import { backoffMs } from "./backoff.js";

/** What fencing is made of. */
interface FencingParts {
  readonly clock: Clock;
  readonly store: Pick<LogStore, "fence">;
  readonly log: Log;
  /** Called whenever a fence stands. */
  readonly fenced: (incarnation: string) => void;
}

/** Fences incarnations, each until the store confirms it, and knows which are. */
export class Fencing {
  readonly #parts: FencingParts;
  readonly #asked = new Set<string>();
  readonly #done = new Set<string>();
  readonly #abort = new AbortController();

  constructor(parts: FencingParts) {
    this.#parts = parts;
  }

  /** Incarnations whose fence stands. */
  get done(): ReadonlySet<string> {
    return this.#done;
  }

  /**
   * Whether the incarnation's fence was begun: from then on it can own nothing, whether the fence stands or
   * not.
   */
  isDoomed(incarnation: string): boolean {
    return this.#asked.has(incarnation);
  }

  /** Begins a fence, unless it was. */
  ask(incarnation: string): void {
    if (this.#asked.has(incarnation) || this.#abort.signal.aborted) return;
    this.#asked.add(incarnation);
    void this.#fence(incarnation);
  }

  /** Forgets fences that stand, except of the incarnations that are still spoken of. */
  forgetAllBut(spokenOf: ReadonlySet<string>): void {
    for (const incarnation of this.#done) {
      if (spokenOf.has(incarnation)) continue;
      this.#done.delete(incarnation);
      this.#asked.delete(incarnation);
    }
  }

  /** Tries no more; a try under way may still come to its end in the store. */
  close(): void {
    this.#abort.abort();
  }

  async #fence(incarnation: string): Promise<void> {
    const { clock, store, log, fenced } = this.#parts;
    const { signal } = this.#abort;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await store.fence(incarnation);
        if (signal.aborted) return;
        this.#done.add(incarnation);
        log.info({ incarnation }, "fenced");
        return fenced(incarnation);
      } catch (error) {
        const retryMs = backoffMs(++failures);
        log.warn({ incarnation, retryMs, err: error }, "could not fence; its slots wait");
        await sleep(clock, retryMs, signal);
      }
    }
  }
}
