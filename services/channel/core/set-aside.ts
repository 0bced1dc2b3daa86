import type { Waiting } from "./command-queue.js";

/** Most commands that are set aside in one channel. */
const setAsideMax = 1000;

/** Commands that wait for something of their own, so that others go on; bounded. */
export class SetAside {
  #waiting: Waiting[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** Returns whether there is room for it. */
  push(waiting: Waiting): boolean {
    return this.#waiting.length < setAsideMax && this.#waiting.push(waiting) > 0;
  }

  /** All of them, in the order in which they came. */
  take(): Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
