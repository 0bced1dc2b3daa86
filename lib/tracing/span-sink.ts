import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { type Clock, sleep } from "../clock/clock.js";
import type { Log } from "../log/log.js";

/** Most spans that wait to be sent; later ones are dropped. */
const waitingSpansMax = 2048;
/** Most spans of one request to the collector, how long they wait for others, and for its answer, in ms. */
const batchSpansMax = 512;
const batchWaitMs = 1000;
/** An answer of the collector is not waited for longer than this, in ms. */
export const exportMsMax = 2000;
/** How long the end of a service waits for its last spans to be sent, in ms. */
const closeMsMax = 1000;
/** That the collector does not take spans is logged at most once in so many ms. */
const complaintIntervalMs = 60_000;

/** What became of spans. */
export type SpanOutcome = "exported" | "failed" | "dropped";

export interface SpanSinkParts {
  readonly exporter: SpanExporter;
  readonly clock: Clock;
  readonly log: Log;
  /** Told what became of how many spans. */
  readonly count?: ((outcome: SpanOutcome, spans: number) => void) | undefined;
}

/** Sends spans to a collector in the background: bounded, and nobody waits for it. */
export class SpanSink implements SpanProcessor {
  readonly #batches: BatchSpanProcessor;
  #waiting = 0;
  #closed = false;
  #complainedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: SpanSinkParts) {
    const { exporter } = parts;
    const counting: SpanExporter = {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          this.#sent(spans.length, result.error ?? (result.code === 0 ? undefined : "refused"));
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
    this.#batches = new BatchSpanProcessor(counting, {
      maxQueueSize: waitingSpansMax,
      maxExportBatchSize: batchSpansMax,
      scheduledDelayMillis: batchWaitMs,
      exportTimeoutMillis: 2 * exportMsMax,
    });
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#closed || this.#waiting >= waitingSpansMax) return this.parts.count?.("dropped", 1);
    this.#waiting++;
    this.#batches.onEnd(span);
  }

  async forceFlush(): Promise<void> {
    await this.#batches.forceFlush().catch(() => undefined);
  }

  /** Sends what waits, if that takes no longer than a moment. Never fails. Safe to call twice. */
  async shutdown(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const over = new AbortController();
    const sent = this.#batches.shutdown().catch(() => undefined);
    await Promise.race([sent.then(() => over.abort()), sleep(this.parts.clock, closeMsMax, over.signal)]);
  }

  #sent(spans: number, error: unknown): void {
    this.#waiting -= spans;
    this.parts.count?.(error === undefined ? "exported" : "failed", spans);
    const now = this.parts.clock.now();
    if (error === undefined || now - this.#complainedAt < complaintIntervalMs) return;
    this.#complainedAt = now;
    this.parts.log.warn({ err: error, spans }, "the collector of traces did not take spans");
  }
}
