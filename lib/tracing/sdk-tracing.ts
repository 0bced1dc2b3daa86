import {
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, NodeTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from "@opentelemetry/semantic-conventions";
import { packageVersion } from "../config/package-root.js";
import { entry, type Sampling } from "./entry.js";
import { formatTraceparent, makeTraceId, parseTraceparent } from "./traceparent.js";
import type { Attributes, Span, SpanOptions, Tracing } from "./tracing.js";

/** Whose spans they are. */
export interface TracedService {
  /** As in the folder of the service; `confab-` is put before it. */
  readonly service: "web" | "admin" | "channel" | "gateway" | "charm";
  /** Tells it from others of its service; stays the same over restarts where the service has such a name. */
  readonly instance: string;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Traces by OpenTelemetry. Nothing of it is global: a process may hold several services. */
export class SdkTracing implements Tracing {
  readonly enter: Tracing["enter"];
  readonly enterSilent: Tracing["enterSilent"];
  readonly #tracer: Tracer;
  /** The trace that the next span without a parent begins; the SDK asks for it by its generator only. */
  #nextTraceId: string | undefined;

  constructor({ service, instance }: TracedService, processor: SpanProcessor, sampling: Sampling) {
    const { random } = sampling;
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({
        [ATTR_SERVICE_NAME]: `confab-${service}`,
        [ATTR_SERVICE_INSTANCE_ID]: instance,
        [ATTR_SERVICE_VERSION]: packageVersion(),
      }),
      // What is not sampled never gets here.
      sampler: new AlwaysOnSampler(),
      idGenerator: {
        generateTraceId: () => this.#nextTraceId ?? makeTraceId(32, random),
        generateSpanId: () => makeTraceId(16, random),
      },
      spanProcessors: [processor],
    });
    this.#tracer = provider.getTracer("confab");
    const { enter, enterSilent } = entry(sampling, (name, options) => this.start(name, options));
    this.enter = enter;
    this.enterSilent = enterSilent;
  }

  start(name: string, { kind, parent, traceId, links = [], attributes = {} }: SpanOptions): Span {
    const options = {
      kind: kinds[kind],
      attributes: { ...attributes },
      links: links
        .map(contextOf)
        .filter((context) => context !== undefined)
        .map((context) => ({ context })),
    };
    this.#nextTraceId = traceId;
    const span = this.#tracer.startSpan(name, options, under(parent));
    this.#nextTraceId = undefined;
    return new OpenSpan(span);
  }
}

class OpenSpan implements Span {
  readonly traceId: string;
  readonly spanId: string;

  constructor(private readonly span: SdkSpan) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
  }

  get traceparent(): string {
    return formatTraceparent({ traceId: this.traceId, spanId: this.spanId, isSampled: true });
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  set(attributes: Attributes): void {
    this.span.setAttributes({ ...attributes });
  }

  end(error?: string): void {
    if (error !== undefined) {
      this.span.setAttribute(ATTR_ERROR_TYPE, error);
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    }
    this.span.end();
  }
}

function under(parent: string | undefined): Context {
  const context = parent === undefined ? undefined : contextOf(parent);
  return context ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT;
}

function contextOf(traceparent: string) {
  const parts = parseTraceparent(traceparent);
  if (!parts) return undefined;
  const { traceId, spanId } = parts;
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}
