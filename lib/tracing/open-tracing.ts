import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import type { Clock } from "../clock/clock.js";
import type { Log } from "../log/log.js";
import type { Metrics } from "../metrics/metrics.js";
import type { TracingConfig } from "./config.js";
import { noTracing } from "./entry.js";
import { SdkTracing, type TracedService } from "./sdk-tracing.js";
import { exportMsMax, SpanSink } from "./span-sink.js";
import type { Tracing } from "./tracing.js";

export interface TracingParts {
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to, not including, 1; it chooses what is sampled, and ids. */
  readonly random: () => number;
  readonly metrics?: Metrics;
}

/** The traces of a process: one way to the collector, whichever services it holds. */
export interface ProcessTracing {
  /** Tracing of one of its services. */
  of(service: TracedService): Tracing;
  /** Sends the last spans; resolves within about a second, whatever the collector does. Never fails. */
  close(): Promise<void>;
}

/** Traces as the configuration says: to its collector, or nothing. */
export function openProcessTracing({ tracing }: TracingConfig, parts: TracingParts): ProcessTracing {
  const { endpoint, ratio } = tracing;
  const { clock, log, random, metrics } = parts;
  if (endpoint === "") return { of: () => noTracing(random), close: async () => {} };
  const spans = metrics?.tally("tracingSpans", "outcome", ["exported", "failed", "dropped"]);
  const exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: exportMsMax });
  const sink = new SpanSink({ exporter, clock, log, count: (outcome, count) => spans?.add(outcome, count) });
  return {
    of: (service) => new SdkTracing(service, sink, { ratio, random }),
    close: () => sink.shutdown(),
  };
}

/** Traces one service of a process of its own. */
export function openTracing(
  config: TracingConfig,
  service: TracedService,
  parts: TracingParts,
): { readonly tracing: Tracing; close(): Promise<void> } {
  const traces = openProcessTracing(config, parts);
  return { tracing: traces.of(service), close: () => traces.close() };
}
