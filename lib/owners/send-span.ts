import { ConfabError } from "../errors/errors.js";
import type { ChannelId, Position } from "../ids/ids.js";
import { messageId, rpcCall, sending } from "../tracing/conventions.js";
import type { Span, Tracing } from "../tracing/tracing.js";
import type { CommandOptions } from "./owners.js";

/** A command on its way to the owner of its channel, if it is one that is sampled. */
export function sendSpan(
  tracing: Tracing | undefined,
  channel: ChannelId,
  trace: NonNullable<CommandOptions["trace"]>,
  index: number,
): Span | undefined {
  const parent = typeof trace === "string" ? trace : trace[index];
  if (!tracing || parent === undefined) return undefined;
  const { name, attributes } = sending("channel", channel);
  return tracing.start(name, { kind: "producer", parent, attributes });
}

/** Ends its span when the outcome is known. */
export function endingWith(
  span: Span,
  done: (outcome: Position | ConfabError) => void,
): (outcome: Position | ConfabError) => void {
  return (outcome) => {
    if (outcome instanceof ConfabError) span.end(outcome.code);
    else {
      span.set(messageId(outcome.id));
      span.end();
    }
    done(outcome);
  };
}

/** Asks an owner, as a span of its own if the question is on behalf of something that is sampled. */
export function tracedCall<Answer>(
  tracing: Tracing | undefined,
  parent: string | undefined,
  path: string,
  call: (traceparent: string | undefined) => Promise<Answer>,
): Promise<Answer> {
  if (!tracing || parent === undefined) return call(undefined);
  const { name, attributes } = rpcCall(path);
  const span = tracing.start(name, { kind: "client", parent, attributes });
  return call(span.traceparent).then(
    (answer) => {
      span.end();
      return answer;
    },
    (error: unknown) => {
      span.end(error instanceof ConfabError ? error.code : "internal");
      throw error;
    },
  );
}
