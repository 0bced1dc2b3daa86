/** Somebody who types is shown at most this often, in ms. */
const typingIntervalMs = 3000;

/** Lets one typing hint per user and interval through. */
export class TypingLimit {
  readonly #last = new Map<string, number>();

  /** Nobody would be held back. */
  isIdle(now: number): boolean {
    for (const at of this.#last.values()) if (now - at < typingIntervalMs && now >= at) return false;
    return true;
  }

  allows(user: string, now: number): boolean {
    const last = this.#last.get(user);
    if (last !== undefined && now - last < typingIntervalMs && now >= last) return false;
    this.#last.delete(user);
    this.#last.set(user, now);
    for (const [oldest, at] of this.#last) {
      if (now - at < typingIntervalMs) break;
      this.#last.delete(oldest);
    }
    return true;
  }
}
