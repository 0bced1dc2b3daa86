import type { Position } from "../../../gen/json/confab/v1/types.js";
import type { ConfabError } from "../../../lib/errors/errors.js";
import { clientFrameBytesMax, sendsUnderWayMax } from "../../../lib/limits/limits.js";

/** Most bytes of one UTF-16 code unit in JSON, as an escape, and of a post but for its text. */
const jsonBytesPerUnitMax = 6;
const otherBytesMax = 1024;

/** A message to post. */
export interface PostRequest {
  readonly channelId: string;
  readonly message: {
    readonly text: string;
    readonly clientMsgId: string;
    readonly parentId: number;
    readonly broadcast: boolean;
  };
  readonly firstAttempt: boolean;
}

/** Told of what became of a post, once. */
export type PostDone = (outcome: Position | ConfabError) => void;

/** Posts that went over a connection and have no answer yet, by their requests. */
export class PostsUnderWay {
  readonly #done = new Map<number, PostDone>();

  /** Whether the gateway would take another one: not too many, and no frame that is too large. */
  mayTake({ message }: PostRequest): boolean {
    const bytesMax = message.text.length * jsonBytesPerUnitMax + otherBytesMax;
    return this.#done.size < sendsUnderWayMax && bytesMax <= clientFrameBytesMax;
  }

  add(requestId: number, done: PostDone): void {
    this.#done.set(requestId, done);
  }

  /** Returns whether it was a post that waited for an answer. */
  settle(requestId: number, outcome: Position | ConfabError): boolean {
    const done = this.#done.get(requestId);
    this.#done.delete(requestId);
    done?.(outcome);
    return done !== undefined;
  }

  /** The connection is over: nobody will say what became of them. */
  fail(error: ConfabError): void {
    const all = [...this.#done.values()];
    this.#done.clear();
    for (const done of all) done(error);
  }
}
