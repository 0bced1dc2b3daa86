import type { Clock } from "../../lib/clock/clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { ConversationId } from "../../lib/ids/ids.js";
import { sendMsMax } from "../../lib/limits/limits.js";
import type { Log } from "../../lib/log/log.js";
import type { Owners } from "../../lib/owners/owners.js";
import { markRead } from "../../lib/owners/read-marks.js";
import type { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import type { Span, Tracing } from "../../lib/tracing/tracing.js";
import type { Outcome, SendsOutside } from "./core/client-sends.js";
import type { Identity } from "./core/session.js";

export interface OwnersSendsParts {
  readonly owners: Owners;
  readonly clock: Clock;
  readonly log: Log;
  readonly callerLimits?: Pick<CallerLimits, "call">;
  /** What clients send enters the mesh here: it is sampled by its ratio. Nothing is without. */
  readonly tracing?: Tracing;
}

/** How much longer than its deadline an answer is waited for, in ms: owners tell by themselves of it. */
const graceMs = 500;

/** Carries out by the owners of channels what clients send, each request within about `sendMsMax`. */
export class OwnersSends implements SendsOutside {
  constructor(private readonly parts: OwnersSendsParts) {}

  charge(identity: Identity): void {
    this.parts.callerLimits?.call(identity, 1);
  }

  command(
    identity: Identity,
    channel: ConversationId,
    actions: Parameters<SendsOutside["command"]>[2],
    firstAttempt: boolean,
    done: (outcomes: readonly Outcome[]) => void,
  ): void {
    const spans = this.#spansOf(actions);
    const trace = spans?.map((span) => span?.traceparent);
    this.#perform(
      (deadlineMs) =>
        this.parts.owners.command(channel, identity.userId, actions, { firstAttempt, deadlineMs, trace }),
      (answer) => {
        const outcomes = answer instanceof ConfabError ? actions.map(() => answer) : answer;
        spans?.forEach((span, i) => void span?.end(codeOf(outcomes[i])));
        done(outcomes);
      },
    );
  }

  markRead(identity: Identity, channel: ConversationId, seq: number, done: (outcome: Outcome) => void): void {
    const { owners } = this.parts;
    const [span] = this.#spansOf([{ $case: "mark" }]) ?? [];
    const trace = span?.traceparent;
    this.#perform(
      (deadlineMs) => markRead(owners, channel, seq, { caller: identity, deadlineMs, trace }),
      (outcome) => {
        span?.end(codeOf(outcome));
        done(outcome);
      },
    );
  }

  /** Spans of the sampled ones of some requests; undefined if there are none. */
  #spansOf(requests: readonly { readonly $case: string }[]): (Span | undefined)[] | undefined {
    const { tracing } = this.parts;
    if (!tracing) return undefined;
    let spans: (Span | undefined)[] | undefined;
    for (const [i, { $case }] of requests.entries()) {
      const span = tracing.enterSilent(() => ({ name: `session ${$case}`, attributes: {} }));
      if (!span) continue;
      spans ??= requests.map(() => undefined);
      spans[i] = span;
    }
    return spans;
  }

  /** Calls `done` once: with the answer, a named error, or `deadline_exceeded` when none comes in time. */
  #perform<Answer>(
    act: (deadlineMs: number) => Promise<Answer>,
    done: (answer: Answer | ConfabError) => void,
  ): void {
    const { clock, log } = this.parts;
    let isDone = false;
    const settle = (answer: Answer | ConfabError) => {
      if (isDone) return;
      isDone = true;
      timer.cancel();
      done(answer);
    };
    const timer = clock.after(sendMsMax + graceMs, () => settle(new ConfabError("deadline_exceeded")));
    act(clock.now() + sendMsMax).then(settle, (error: unknown) => {
      if (error instanceof ConfabError) return settle(error);
      log.error({ err: error }, "what a client sent could not be carried out");
      settle(new ConfabError("internal"));
    });
  }
}

function codeOf(outcome: Outcome | undefined): string | undefined {
  return outcome instanceof ConfabError ? outcome.code : undefined;
}
