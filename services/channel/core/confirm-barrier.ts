import type { Outside } from "./store-work.js";

/** Wait before a confirm read that failed is tried again, in ms. */
const retryMs = 50;

/**
 * Lets events out only while this incarnation has not been fenced. One read is in flight at a time and
 * serves all who were waiting when it began: its answer holds for everything that had ended by then.
 */
export class ConfirmBarrier {
  #waiting: ((now: number) => void)[] = [];
  #reading = false;
  #closed = false;

  constructor(private readonly outside: Pick<Outside, "store" | "later" | "fenced">) {}

  /** Calls back once a read that began after this call has found no fence. */
  wait(call: (now: number) => void): void {
    this.#waiting.push(call);
    if (!this.#reading) this.#read(this.#take());
  }

  /** Nobody is called any more. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #take(): ((now: number) => void)[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  #read(served: ((now: number) => void)[]): void {
    this.#reading = true;
    this.outside.store.confirm((outcome, now) => {
      if (this.#closed) return;
      if ("value" in outcome) {
        this.#reading = false;
        for (const call of served) call(now);
        if (this.#waiting.length > 0 && !this.#reading) this.#read(this.#take());
      } else if (outcome.failure === "fenced") this.outside.fenced();
      else this.outside.later(retryMs, () => !this.#closed && this.#read(served.concat(this.#take())));
    });
  }
}
