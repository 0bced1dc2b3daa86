import type {
  PostMessagesRequest,
  PostMessagesResponse,
  PostResult,
} from "../../../gen/confab/v1/messaging.js";
import { ConfabError, isErrorCode } from "../../../lib/errors/errors.js";
import type { Position } from "../../../lib/ids/ids.js";
import { isRetryable, type Patience } from "../server/patience.js";
import type { Line } from "./line.js";

/** What became of a line; without an outcome it may be posted or not, and posting has stopped. */
export interface Settled {
  readonly line: Line;
  readonly outcome: Position | ConfabError | undefined;
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
  /** Calls the server once. */
  readonly send: (request: PostMessagesRequest) => Promise<PostMessagesResponse>;
  readonly patience: Patience;
  /** Makes an id that nobody used before. */
  readonly makeId: () => string;
}

interface Pending {
  readonly line: Line;
  readonly clientMsgId: string;
}

/**
 * Posts lines of one conversation. What fails in a way that passes is sent again with the same ids, so that
 * it is stored once, before anything newer.
 */
export class Poster {
  constructor(
    private readonly parts: PosterParts,
    private readonly channelId: string,
  ) {}

  /** Posts as many lines as one call may hold. */
  async post(lines: readonly Line[]): Promise<Batch> {
    const outcomes = new Map<Line, Position | ConfabError>();
    for (const line of lines) if (line.fault) outcomes.set(line, line.fault);
    const settled = () => lines.map((line) => ({ line, outcome: outcomes.get(line) }));
    let pending = lines
      .filter(({ fault }) => !fault)
      .map((line) => ({ line, clientMsgId: this.parts.makeId() }));
    this.parts.patience.renew();
    for (let firstAttempt = true; pending.length > 0; firstAttempt = false) {
      try {
        await this.#try(pending, firstAttempt, outcomes);
      } catch (error) {
        try {
          await this.parts.patience.after(error);
        } catch (stoppedBy) {
          return { settled: settled(), stoppedBy };
        }
      }
      pending = pending.filter(({ line }) => !outcomes.has(line));
    }
    return { settled: settled() };
  }

  /** Sends once and notes what is settled. @throws the failure of what is not */
  async #try(
    pending: readonly Pending[],
    firstAttempt: boolean,
    outcomes: Map<Line, Position | ConfabError>,
  ): Promise<void> {
    const messages = pending.map(({ line: { text }, clientMsgId }) => {
      return { text, clientMsgId, parentId: 0, broadcast: false };
    });
    const { results } = await this.parts.send({ channelId: this.channelId, messages, firstAttempt });
    let failure: ConfabError | undefined;
    for (const [i, { line }] of pending.entries()) {
      const outcome = outcomeOf(results[i]);
      if (isRetryable(outcome)) {
        failure ??= outcome;
        continue;
      }
      outcomes.set(line, outcome);
      this.parts.patience.renew();
    }
    if (failure) throw failure;
  }
}

function outcomeOf(answer: PostResult | undefined): Position | ConfabError {
  if (answer?.result?.$case === "position") return answer.result.value;
  if (answer?.result?.$case !== "problem")
    return new ConfabError("internal", "", "the server gave no result");
  const { code, field, message, retryMs } = answer.result.value;
  return new ConfabError(isErrorCode(code) ? code : "internal", field, message || undefined, retryMs);
}
