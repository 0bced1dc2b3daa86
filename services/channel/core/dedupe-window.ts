import type { EventId, Position } from "../../../lib/ids/ids.js";

/** How long a key is remembered: the 10 minutes of the promise and one more for clocks and retries, in ms. */
export const dedupeWindowMs = 11 * 60_000;
/** Most keys remembered of one channel; a hotter one looks older keys up in the store. */
const dedupeKeysMax = 1_000_000;
/**
 * Most deleted messages remembered: more than can be deleted without the store knowing, for channels take no
 * writes when they are some 1,000 events ahead of it.
 */
const deletedMax = 2000;

/** A message known by its author's own id of it. */
export interface KnownPost extends Position {
  /** Empty once the message was deleted: any body counts as the same then. */
  readonly bodyHash: string;
}

/** The keys of a channel's recent posts. */
export class DedupeWindow {
  readonly #known = new Map<string, KnownPost>();
  readonly #keys = new Map<EventId, string>();
  /** The last messages that were deleted: the store may still have their hashes. */
  readonly #deleted = new Set<EventId>();
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
    this.#put(`${author} ${clientMsgId}`, post);
    for (const [key, oldest] of this.#known) {
      const age = now - oldest.id / 1000;
      if (age <= dedupeWindowMs && this.#known.size <= this.keysMax) break;
      this.#known.delete(key);
      this.#keys.delete(oldest.id);
      this.#completeFrom = Math.max(this.#completeFrom, oldest.id / 1000);
    }
  }

  /** Takes in a post from before the window that was looked up; it goes with the next that are evicted. */
  addOld(author: string, clientMsgId: string, post: KnownPost): void {
    const isDeleted = this.#deleted.has(post.id);
    this.#put(`${author} ${clientMsgId}`, isDeleted ? { ...post, bodyHash: "" } : post);
  }

  /** Forgets what a message said, be it in the window or looked up later. */
  forgetBody(messageId: EventId): void {
    this.#deleted.add(messageId);
    if (this.#deleted.size > deletedMax) this.#deleted.delete(this.#deleted.values().next().value!);
    const key = this.#keys.get(messageId);
    const post = key === undefined ? undefined : this.#known.get(key);
    if (key !== undefined && post) this.#known.set(key, { ...post, bodyHash: "" });
  }

  /** Whether every post made since then (ms since the Unix epoch) is in the window. */
  isCompleteSince(ms: number): boolean {
    return this.#completeFrom <= ms;
  }

  #put(key: string, post: KnownPost): void {
    const present = this.#known.get(key);
    if (present) this.#keys.delete(present.id);
    this.#known.set(key, post);
    this.#keys.set(post.id, key);
  }
}
