/** What is known of a span, by the names of the semantic conventions; ids belong here, never into names. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Which side of which kind of hop a span is (https://opentelemetry.io/docs/concepts/signals/traces/#span-kind). */
export type SpanKind = "server" | "client" | "producer" | "consumer";

/** How a span begins. */
export interface SpanOptions {
  readonly kind: SpanKind;
  /** `traceparent` of the span that it belongs under; without, it begins a trace. */
  readonly parent?: string | undefined;
  /** The trace that it begins; a new one without. */
  readonly traceId?: string | undefined;
  /** `traceparent`s of spans of other traces, or of this one, that it follows from. */
  readonly links?: readonly string[];
  readonly attributes?: Attributes;
}

/** One step on the way of something that is traced. Nothing is known of it outside before its end. */
export interface Span {
  /** For spans under it. */
  readonly traceparent: string;
  readonly traceId: string;
  readonly spanId: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Ends it now; once. With an error's name it failed. */
  end(error?: string): void;
}

/** What is known of the trace of a request that came in. */
export interface CallTrace {
  /** The one that it came with, or a new one; whether it is sampled or not. */
  readonly traceId: string;
  /** The service's own; undefined unless sampled. */
  readonly span: Span | undefined;
  /** `traceparent` for what is called on behalf of the request, with the flag that says whether it is sampled. */
  readonly onward: string;
}

/**
 * Traces what is sampled. That is decided where a request enters the mesh, before anything is made for it; of
 * all the rest nothing is told here.
 */
export interface Tracing {
  /**
   * Takes in a request, which is sampled if its trace is. One that came without is by the configured ratio.
   *
   * @param traceparent as it came, if any did
   * @param begin how its span is made if it is sampled
   */
  enter(traceparent: string | undefined, begin: () => NamedSpan): CallTrace;
  /** A new trace of a request that cannot bring one, if the ratio says so. */
  enterSilent(begin: () => NamedSpan): Span | undefined;
  /** Begins a span of a trace that is sampled. */
  start(name: string, options: SpanOptions): Span;
}

/** A span to be made of a request. */
export interface NamedSpan {
  /** A template of few values. */
  readonly name: string;
  readonly attributes: Attributes;
}

/** `traceparent` of a call for what is sent within the mesh: only of what is sampled. */
export function sampledContext(trace: CallTrace | undefined): string | undefined {
  return trace?.span?.traceparent;
}

/** Fields of a log line that is written on behalf of a call. */
export function traceFields(trace: CallTrace | undefined): { trace_id?: string; span_id?: string } {
  if (!trace) return {};
  return trace.span ? { trace_id: trace.traceId, span_id: trace.span.spanId } : { trace_id: trace.traceId };
}
