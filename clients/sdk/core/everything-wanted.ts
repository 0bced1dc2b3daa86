import type { ErrorCode } from "../../../lib/errors/errors.js";
import type { Wanted } from "./followed-channels.js";

interface Frame {
  readonly all?: true;
  readonly channels: readonly Wanted[];
}

/** Whether everything of the user is followed, and how a connection is asked for it. */
export class EverythingWanted {
  /** The user's own channel, once it is known. */
  ownId = "";
  /** The present connection's request for everything; 0: none. */
  requestId = 0;
  /**
   * The position of the own channel may be named: all that there was up to there was delivered, so that what
   * is not named was joined since.
   */
  #takesUp = false;
  #count = 0;

  get isWanted(): boolean {
    return this.#count > 0;
  }

  /** @param resumes an earlier run had everything up to the positions that are known */
  add(resumes: boolean): void {
    this.#takesUp = resumes && (this.#count === 0 || this.#takesUp);
    this.#count++;
  }

  remove(): void {
    this.#count--;
  }

  /** The same requests, with everything asked for by the last: what it does not name has its place then. */
  frames(frames: readonly Frame[]): Frame[] {
    const own = frames.flatMap(({ channels }) => channels).find(({ channelId }) => channelId === this.ownId);
    const others = frames.map(({ channels }) => channels.filter(({ channelId }) => channelId !== this.ownId));
    const last = others.pop() ?? [];
    const named = own && this.#takesUp ? [...last, own] : last;
    return [...others.map((channels) => ({ channels })), { all: true, channels: named }];
  }

  /** Whether this answer to a request completes everything. */
  isReady(requestId: number): boolean {
    if (requestId !== this.requestId || !this.isWanted) return false;
    this.#takesUp = true;
    return true;
  }

  /** Whether an error is about everything: its request's, or of a conversation joined beyond the limit. */
  concerns(requestId: number, channelId: string, code: ErrorCode): boolean {
    if (!this.isWanted) return false;
    if (requestId === 0) return channelId !== "" && code === "too_many_subscriptions";
    return requestId === this.requestId && channelId === "";
  }
}
