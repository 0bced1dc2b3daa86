import type { AskResponse } from "../../gen/confab/mesh/v1/log.js";
import {
  messageId,
  processing,
  rpcCall,
  sending,
  sentTo,
  storeOperation,
} from "../../lib/tracing/conventions.js";
import type { NamedSpan, Span, SpanKind, Tracing } from "../../lib/tracing/tracing.js";
import type { CommandTrace, EventContext, OwnerTracer, StoreStep } from "./core/tracer.js";

/** The tables that the steps are about. */
const tables: Record<StoreStep, string> = { append: "log", confirm: "fenced" };

/** What it takes to trace. */
export interface ChannelTracing {
  readonly tracing: Tracing;
  /** The store's name among the values of `db.system.name`. */
  readonly storeSystem: "sqlite" | "cassandra";
}

/** Traces sampled commands through one life of a channel server. */
export class ChannelTracer implements OwnerTracer {
  /** Commands without an answer. */
  readonly #unanswered = new Set<Span>();
  /** Fan-outs of this turn. */
  #fanOuts: Span[] = [];

  constructor(private readonly parts: ChannelTracing) {}

  arrived(creation: string, channel: string): CommandTrace {
    const span = this.#start("consumer", creation, processing("process", "channel", channel));
    this.#unanswered.add(span);
    return {
      creation,
      began: (step) => this.#began(step, span),
      answered: (code) => this.#unanswered.delete(span) && span.end(failureOf(code)),
      fannedOut: (gateways, id) => this.#fannedOut(span, creation, channel, gateways, id),
    };
  }

  /** What was fanned out in this turn has gone. */
  flushed(): void {
    if (this.#fanOuts.length === 0) return;
    for (const span of this.#fanOuts) span.end();
    this.#fanOuts = [];
  }

  /** What has no answer now gets none from here. */
  close(): void {
    this.flushed();
    for (const span of this.#unanswered) span.end("not_owner");
    this.#unanswered.clear();
  }

  #began(step: StoreStep, { traceparent }: Span): (outcome: string) => void {
    const span = this.#start(
      "client",
      traceparent,
      storeOperation(this.parts.storeSystem, step, tables[step]),
    );
    return (outcome) => span.end(failureOf(outcome));
  }

  #fannedOut(command: Span, creation: string, channel: string, gateways: number, id: number): EventContext {
    const span = this.#start("producer", command.traceparent, sending("gateways", channel));
    span.set({ ...messageId(id), ...sentTo(gateways) });
    this.#fanOuts.push(span);
    return { traceparent: span.traceparent, creation };
  }

  #start(kind: SpanKind, parent: string, { name, attributes }: NamedSpan): Span {
    return this.parts.tracing.start(name, { kind, parent, attributes });
  }
}

function failureOf(outcome: string): string | undefined {
  return outcome === "ok" ? undefined : outcome;
}

/** Gives a question its answer, in a span of its own if it is sampled. */
export function tracedAnswer<Response extends { outcome?: { readonly $case: string } | undefined }>(
  parts: ChannelTracing | undefined,
  path: string,
  parent: string | undefined,
  ask: (answer: (response: Response) => void) => void,
): Promise<Response> {
  if (!parent || !parts) return new Promise(ask);
  const { name, attributes } = rpcCall(path);
  const span = parts.tracing.start(name, { kind: "server", parent, attributes });
  return new Promise<Response>(ask).then((response) => {
    span.end(refusedWith(response));
    return response;
  });
}

function refusedWith({ outcome }: { outcome?: { readonly $case: string } | undefined }): string | undefined {
  if (outcome?.$case !== "refusal") return undefined;
  return (outcome as Extract<NonNullable<AskResponse["outcome"]>, { $case: "refusal" }>).value.code;
}
