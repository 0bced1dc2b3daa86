import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import type { ProcessTracing } from "../open-tracing.js";
import { SdkTracing, type TracedService } from "../sdk-tracing.js";
import type { NamedSpan, Span, SpanOptions, Tracing } from "../tracing.js";

/** A span as it was ended. */
export interface RecordedSpan {
  readonly service: string;
  readonly instance: string;
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Id of the span that it is under; empty if none is. */
  readonly parent: string;
  /** Ids of the spans that it is linked to. */
  readonly links: readonly string[];
  /** Empty if it did not fail. */
  readonly error: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Keeps all spans in memory, for tests; counts how often tracing was asked to make one. */
export class RecordedTraces implements ProcessTracing {
  readonly #exporter = new InMemorySpanExporter();
  readonly #processor = new SimpleSpanProcessor(this.#exporter);
  readonly #waiting = new Set<() => void>();
  /** Calls of `start`, by whomever. */
  started = 0;

  constructor(private readonly ratio: number) {
    const { onEnd } = this.#processor;
    this.#processor.onEnd = (span) => {
      onEnd.call(this.#processor, span);
      for (const look of this.#waiting) look();
    };
  }

  /** Resolves once there is such a span. */
  ended(isIt: (span: RecordedSpan) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.spans().some(isIt)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  of(service: TracedService): Tracing {
    const tracing = new SdkTracing(service, this.#processor, { ratio: this.ratio, random: Math.random });
    const start = (name: string, options: SpanOptions): Span => {
      this.started++;
      return tracing.start(name, options);
    };
    const counted = <Result>(begin: () => NamedSpan, enter: (begin: () => NamedSpan) => Result): Result =>
      enter(() => {
        this.started++;
        return begin();
      });
    return {
      start,
      enter: (came, begin) => counted(begin, (counting) => tracing.enter(came, counting)),
      enterSilent: (begin) => counted(begin, (counting) => tracing.enterSilent(counting)),
    };
  }

  async close(): Promise<void> {}

  /** Those that ended, in this order; of one trace, if one is named. */
  spans(traceId?: string): RecordedSpan[] {
    const all = this.#exporter.getFinishedSpans().map(plain);
    return traceId === undefined ? all : all.filter((span) => span.traceId === traceId);
  }

  forget(): void {
    this.#exporter.reset();
    this.started = 0;
  }
}

function plain(span: ReadableSpan): RecordedSpan {
  const { traceId, spanId } = span.spanContext();
  const { "service.name": service, "service.instance.id": instance } = span.resource.attributes;
  return {
    service: String(service),
    instance: String(instance),
    name: span.name,
    kind: SpanKind[span.kind]!.toLowerCase(),
    traceId,
    spanId,
    parent: span.parentSpanContext?.spanId ?? "",
    links: span.links.map(({ context }) => context.spanId),
    error: span.status.code === SpanStatusCode.ERROR ? (span.status.message ?? "") : "",
    attributes: span.attributes,
  };
}

/**
 * The spans as a tree, a line each, deeper ones indented: `service: name (kind) -> links`. Spans beside each
 * other are in the order of their lines.
 */
export function treeOf(spans: readonly RecordedSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const nameOf = (id: string) => byId.get(id)?.name ?? "a span that is not there";
  const line = ({ service, instance, name, kind, links, error }: RecordedSpan) => {
    const who = service === "confab-gateway" ? instance : service.replace("confab-", "");
    const linked = links.length > 0 ? ` -> ${links.map(nameOf).join(", ")}` : "";
    return `${who}: ${name} (${kind})${linked}${error ? ` failed: ${error}` : ""}`;
  };
  const under = (parent: string): string[] =>
    spans
      .filter((span) => span.parent === parent)
      .map((span) => [line(span), ...under(span.spanId).map((below) => `  ${below}`)])
      .sort((one, other) => (one.join("\n") < other.join("\n") ? -1 : 1))
      .flat();
  const roots = spans.filter(({ parent }) => !byId.has(parent));
  return [...new Set(roots.map(({ parent }) => parent))].flatMap(under);
}
