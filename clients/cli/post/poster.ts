import type { Clock, Timer } from "../../../lib/clock/clock.js";
import { type Client, ConfabError, type ErrorCode, type Position } from "../../sdk/node.js";
import type { Line } from "./line.js";

/** Refusals of a line for what it is; any other failure would meet the next line too. */
const refusalsOfLines: ReadonlySet<ErrorCode> = new Set(["no_text", "msg_too_long", "invalid_text"]);

/** What became of a line; without an outcome it may be posted or not, and posting has stopped. */
export interface Settled {
  readonly line: Line;
  readonly outcome: Position | ConfabError | undefined;
  /** Of its trace, if it was traced and answered. */
  readonly traceId?: string | undefined;
}

/** What became of the lines of one call. */
export interface Batch {
  /** In the order of the lines. */
  readonly settled: readonly Settled[];
  /** Why nothing more can be posted. */
  readonly stoppedBy?: unknown;
}

/** What posting takes. */
export interface PosterParts {
  readonly client: Pick<Client, "post" | "close">;
  readonly clock: Clock;
  /** How long to try without any progress, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends posting behind the call under way. */
  readonly stop: AbortSignal;
  /** Have each line traced. */
  readonly trace?: boolean | undefined;
}

/** Posts lines of one conversation, in their order, until posting is of no use. */
export class Poster {
  readonly #late = new AbortController();
  readonly #signal: AbortSignal;
  #timer: Timer | undefined;

  constructor(
    private readonly parts: PosterParts,
    private readonly channelId: string,
  ) {
    this.#signal = AbortSignal.any([parts.stop, this.#late.signal]);
  }

  /** Posts as many lines as one call may hold; those that are there together go together. */
  async post(lines: readonly Line[]): Promise<Batch> {
    const failures: unknown[] = [];
    this.#progress();
    const settled = await Promise.all(lines.map((line) => this.#postOne(line, failures)));
    this.#timer?.cancel();
    return failures.length > 0 ? { settled, stoppedBy: this.#explain(failures[0]) } : { settled };
  }

  async #postOne(line: Line, failures: unknown[]): Promise<Settled> {
    if (line.fault) return { line, outcome: line.fault };
    let traceId: string | undefined;
    const listen = (id: string) => {
      traceId = id;
    };
    const trace = this.parts.trace ? listen : undefined;
    try {
      const { text } = line;
      // Time is up when there is no progress for too long, not at a time of each line's own.
      const message = { text, timeoutMs: Number.POSITIVE_INFINITY, signal: this.#signal, trace };
      const outcome = await this.parts.client.post(this.channelId, message);
      this.#progress();
      return { line, outcome, traceId };
    } catch (error) {
      if (error instanceof ConfabError && refusalsOfLines.has(error.code)) {
        this.#progress();
        return { line, outcome: error, traceId };
      }
      failures.push(error);
      return { line, outcome: undefined, traceId };
    }
  }

  #progress(): void {
    this.#timer?.cancel();
    this.#timer = this.parts.clock.after(this.parts.timeoutMs, () => {
      this.#late.abort();
      // A call that is still under way has no answer to wait for.
      void this.parts.client.close();
    });
  }

  #explain(error: unknown): unknown {
    if (!this.#late.signal.aborted || !(error instanceof ConfabError)) return error;
    const seconds = this.parts.timeoutMs / 1000;
    return new ConfabError(error.code, "", `no progress for ${seconds} s: ${error.message}`);
  }
}
