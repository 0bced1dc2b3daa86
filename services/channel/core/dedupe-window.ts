import type { Position } from "../../../lib/ids/ids.js";

/** How long a key is remembered: the 10 minutes of the promise and one more for clocks and retries, in ms. */
export const dedupeWindowMs = 11 * 60_000;
/** Most keys remembered of one channel; a hotter one looks older keys up in the store. */
const dedupeKeysMax = 1_000_000;

/** A message known by its author's own id of it. */
export interface KnownPost extends Position {
  readonly bodyHash: string;
}

/** The keys of a channel's recent posts. */
export class DedupeWindow {
  readonly #known = new Map<string, KnownPost>();
  #completeFrom: number;

  /** @param openedAt ms since the Unix epoch: posts before it are not in the window */
  constructor(
    openedAt: number,
    private readonly keysMax = dedupeKeysMax,
  ) {
    this.#completeFrom = openedAt;
  }

  find(author: string, clientMsgId: string): KnownPost | undefined {
    return this.#known.get(`${author} ${clientMsgId}`);
  }

  add(author: string, clientMsgId: string, post: KnownPost, now: number): void {
    this.#known.set(`${author} ${clientMsgId}`, post);
    for (const [key, oldest] of this.#known) {
      const age = now - oldest.id / 1000;
      if (age <= dedupeWindowMs && this.#known.size <= this.keysMax) break;
      this.#known.delete(key);
      this.#completeFrom = Math.max(this.#completeFrom, oldest.id / 1000);
    }
  }

  /** Takes in a post from before the window that was looked up; it goes with the next that are evicted. */
  addOld(author: string, clientMsgId: string, post: KnownPost): void {
    this.#known.set(`${author} ${clientMsgId}`, post);
  }

  /** Whether every post made since then (ms since the Unix epoch) is in the window. */
  isCompleteSince(ms: number): boolean {
    return this.#completeFrom <= ms;
  }
}
