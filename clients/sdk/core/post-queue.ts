import { postsPerCallMax } from "../../../lib/limits/limits.js";
import { postBytesPerCallMax, postsWaitingMax } from "../limits.js";

/** What the queue has to know of a post. */
export interface QueuedPost {
  /** Bytes of its text in UTF-8, or an upper bound. */
  readonly bytes: number;
  /** Nobody can have posted it before. */
  readonly isNew: boolean;
  /** It goes by a call of its own. */
  readonly isAlone?: boolean;
}

/** The posts of one call. */
export interface PostCall<Post> {
  readonly posts: readonly Post[];
  /** No earlier try of these was ever sent. */
  readonly firstAttempt: boolean;
  /** They were sent before, without an outcome. */
  readonly isRetry: boolean;
}

/**
 * The posts of one channel in their order. One call is under way at a time; what gathers meanwhile is the
 * next one. Posts without an outcome are sent again, alone, before anything newer.
 */
export class PostQueue<Post extends QueuedPost> {
  #waiting: Post[] = [];
  #sent: Post[] = [];

  get size(): number {
    return this.#waiting.length + this.#sent.length;
  }

  /** Takes a post in, or returns false if too many wait. */
  add(post: Post): boolean {
    if (this.size >= postsWaitingMax) return false;
    this.#waiting.push(post);
    return true;
  }

  /** What to send now; undefined when there is nothing. */
  next(): PostCall<Post> | undefined {
    if (this.#sent.length > 0) return { posts: [...this.#sent], firstAttempt: false, isRetry: true };
    let count = 0;
    let bytes = 0;
    for (const post of this.#waiting) {
      bytes += post.bytes;
      if (count === postsPerCallMax || (count > 0 && bytes > postBytesPerCallMax)) break;
      if (count > 0 && post.isAlone) break;
      count += 1;
      if (post.isAlone) break;
    }
    if (count === 0) return undefined;
    this.#sent = this.#waiting.splice(0, count);
    const firstAttempt = this.#sent.every(({ isNew }) => isNew);
    return { posts: [...this.#sent], firstAttempt, isRetry: false };
  }

  /** Whether a call may have carried the post. */
  wasSent(post: Post): boolean {
    return this.#sent.includes(post);
  }

  /** The outcome of a post is known, or nobody waits for it any more. */
  remove(post: Post): void {
    if (this.wasSent(post)) this.#sent = this.#sent.filter((other) => other !== post);
    else this.#waiting = this.#waiting.filter((other) => other !== post);
  }
}
