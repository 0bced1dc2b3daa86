import type { PostMessagesResponse, PostResult } from "../../../gen/json/confab/v1/messaging.js";
import type { Position } from "../../../gen/json/confab/v1/types.js";
import type { Clock, Timer } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { TraceListener } from "../calls/caller.js";
import { isRetryable } from "../calls/patience.js";
import { Backoff } from "../core/backoff.js";
import { errorOfProblem } from "../core/errors-of-frames.js";
import { type PostCall, PostQueue, type QueuedPost } from "../core/post-queue.js";
import type { Lifetime } from "../lifetime.js";
import { callMsMax } from "../limits.js";

/** A message to post. */
export interface Draft {
  readonly text: string;
  readonly clientMsgId: string;
  readonly parentId: number;
  readonly broadcast: boolean;
}

/** What is sent for the posts of one call. */
export interface PostBatch {
  readonly channelId: string;
  readonly messages: readonly Draft[];
  readonly firstAttempt: boolean;
  /** They were sent before, and nobody knows what became of them. */
  readonly isRetry: boolean;
  /** Of those that are to be traced. */
  readonly trace: TraceListener | undefined;
}

/** What posting takes. */
export interface PosterParts {
  /** Sends the posts once, by whichever way. */
  readonly send: (batch: PostBatch, timeoutMs: number) => Promise<PostMessagesResponse>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends posting; what has no outcome fails. */
  readonly lifetime: Lifetime;
}

/** For how long a post is tried, and how. */
export interface PostTime {
  readonly timeoutMs: number;
  /** Once it is aborted, no try begins; what has no outcome then fails. */
  readonly signal?: AbortSignal | undefined;
  readonly trace?: TraceListener | undefined;
}

interface Post extends QueuedPost {
  readonly draft: Draft;
  readonly signal: AbortSignal | undefined;
  readonly trace: TraceListener | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly endMs: number;
  readonly timer: Timer;
  resolve(position: Position): void;
  reject(error: ConfabError): void;
}

/** Posts messages of one channel in their order, each until it has an outcome or its time is up. */
export class Poster {
  readonly #queue = new PostQueue<Post>();
  readonly #backoff: Backoff;
  #running = false;
  /** What went wrong with the last try. */
  #failure: ConfabError | undefined;

  constructor(
    private readonly channelId: string,
    private readonly parts: PosterParts,
  ) {
    this.#backoff = new Backoff(parts.random);
  }

  /** @param isNew nobody can have used the draft's id before */
  post(draft: Draft, isNew: boolean, { timeoutMs, signal, trace }: PostTime): Promise<Position> {
    const { clock } = this.parts;
    return new Promise((resolve, reject) => {
      const post: Post = {
        ...{
          draft,
          isNew,
          isAlone: trace !== undefined,
          signal,
          trace,
          resolve,
          reject,
          endMs: clock.now() + timeoutMs,
        },
        // A UTF-16 code unit has at most three bytes in UTF-8.
        bytes: draft.text.length * 3,
        timer: clock.after(timeoutMs, () => this.#expire(post)),
      };
      if (this.#queue.add(post)) return this.#runSoon();
      this.#settle(post, new ConfabError("overloaded", "", "too many posts wait; await some first"));
    });
  }

  #runSoon(): void {
    if (this.#running) return;
    this.#running = true;
    // What is posted in one turn goes with one call.
    this.parts.clock.endOfTurn(() => void this.#run());
  }

  async #run(): Promise<void> {
    const { clock, lifetime } = this.parts;
    for (let call = this.#queue.next(); call; call = this.#queue.next()) {
      if (this.#giveUp(call.posts)) continue;
      const pauseMs = await this.#try(call);
      if (pauseMs === undefined) this.#backoff.reset();
      else await lifetime.sleep(clock, pauseMs, signalsOf(call.posts));
    }
    this.#running = false;
  }

  /** Settles the posts that are not to be tried any more; returns whether there were any. */
  #giveUp(posts: readonly Post[]): boolean {
    const givenUp = posts.filter(({ signal }) => signal?.aborted);
    const error = this.#failure ?? new ConfabError("unavailable", "", "posting was given up before a try");
    for (const post of givenUp) this.#settle(post, error);
    return givenUp.length > 0;
  }

  /** @returns how long to wait before what is left is sent again, in ms */
  async #try({ posts, ...attempt }: PostCall<Post>): Promise<number | undefined> {
    const { clock, send, lifetime } = this.parts;
    const leftMs = Math.max(...posts.map(({ endMs }) => endMs)) - clock.now();
    const messages = posts.map(({ draft }) => draft);
    this.#failure = undefined;
    try {
      const trace = posts.length === 1 ? posts[0]?.trace : undefined;
      const batch = { channelId: this.channelId, messages, trace, ...attempt };
      const { results } = await send(batch, Math.max(1, Math.min(callMsMax, leftMs)));
      return this.#settleAll(posts, results);
    } catch (error) {
      const named = error instanceof ConfabError ? error : new ConfabError("internal", "", String(error));
      this.#failure = named;
      if (isRetryable(named) && !lifetime.isOver) return this.#backoff.next(named.retryMs);
      for (const post of posts) this.#settle(post, named);
      return undefined;
    }
  }

  #settleAll(posts: readonly Post[], results: readonly PostResult[]): number | undefined {
    let failure: ConfabError | undefined;
    for (const [i, post] of posts.entries()) {
      const outcome = outcomeOf(results[i]);
      if (isRetryable(outcome) && !this.parts.lifetime.isOver) failure ??= outcome;
      else this.#settle(post, outcome);
    }
    this.#failure = failure;
    return failure && this.#backoff.next(failure.retryMs);
  }

  #expire(post: Post): void {
    const wording = this.#queue.wasSent(post)
      ? "no outcome was known in time: the message may or may not be posted"
      : "there was no time left to send the message";
    this.#settle(post, new ConfabError("deadline_exceeded", "", wording));
  }

  #settle(post: Post, outcome: Position | ConfabError): void {
    post.timer.cancel();
    this.#queue.remove(post);
    if (outcome instanceof ConfabError) post.reject(outcome);
    else post.resolve(outcome);
  }
}

function signalsOf(posts: readonly Post[]): AbortSignal[] {
  return [...new Set(posts.flatMap(({ signal }) => signal ?? []))];
}

function outcomeOf(answer: PostResult | undefined): Position | ConfabError {
  if (answer?.result?.$case === "position") return answer.result.value;
  if (answer?.result?.$case === "problem") return errorOfProblem(answer.result.value);
  return new ConfabError("internal", "", "the server gave no result");
}
