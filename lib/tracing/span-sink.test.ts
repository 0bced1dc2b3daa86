import assert from "node:assert/strict";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-node";
import { ManualClock } from "../clock/manual-clock.js";
import { openTracing } from "./open-tracing.js";
import { SdkTracing } from "./sdk-tracing.js";
import { SpanSink } from "./span-sink.js";

type Result = Parameters<Parameters<SpanExporter["export"]>[1]>[0];
const done: Result = { code: 0 };
const failed: Result = { code: 1, error: new Error("nobody listens") };

describe("the way to the collector", () => {
  let clock: ManualClock;
  let sink: SpanSink;
  let exports: { spans: ReadableSpan[]; answer(result: Result): void }[];
  let counts: Record<string, number>;
  let warnings: number;
  let span: () => void;

  beforeEach(() => {
    [clock, exports, counts, warnings] = [new ManualClock(), [], {}, 0];
    sink = new SpanSink({
      clock,
      exporter: {
        export: (spans, answer) => void exports.push({ spans, answer }),
        shutdown: async () => {},
      },
      log: { debug() {}, info() {}, warn: () => warnings++, error() {} },
      count: (outcome, spans) => {
        counts[outcome] = (counts[outcome] ?? 0) + spans;
      },
    });
    const service = { service: "web", instance: "web-1" } as const;
    const tracing = new SdkTracing(service, sink, { ratio: 1, random: Math.random });
    span = () => tracing.start("GET /x", { kind: "server" }).end();
  });

  it("sends what has gathered, and counts it", async () => {
    span();
    span();
    const flushed = sink.forceFlush();
    assert.deepEqual(
      exports.map(({ spans }) => spans.length),
      [2],
    );
    exports[0]?.answer(done);
    await flushed;
    assert.deepEqual([counts, warnings], [{ exported: 2 }, 0]);
  });

  it("holds so many and drops what is too much", async () => {
    for (let i = 0; i < 3000; i++) span();
    assert.deepEqual(counts, { dropped: 952 });
  });

  it("says once in a while that the collector does not take any, and goes on", async () => {
    for (const [passed, expected] of [
      [0, 1],
      [59_000, 1],
      [2000, 2],
    ] as const) {
      clock.advance(passed);
      span();
      const flushed = sink.forceFlush();
      exports.at(-1)?.answer(failed);
      await flushed;
      assert.equal(warnings, expected);
    }
    assert.deepEqual(counts, { failed: 3 });
  });

  it("ends when the last ones are sent", async () => {
    span();
    const closed = sink.shutdown();
    await new Promise(setImmediate);
    exports[0]?.answer(done);
    await closed;
    assert.deepEqual(counts, { exported: 1 });
    span();
    assert.deepEqual(counts, { exported: 1, dropped: 1 });
    await sink.shutdown();
  });

  it("ends after a moment although the collector does not answer", async () => {
    span();
    const closed = sink.shutdown();
    await clock.pass(1000);
    await closed;
    exports[0]?.answer(done);
  });
});

describe("openTracing", () => {
  const parts = {
    clock: new ManualClock(),
    random: Math.random,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
  const service = { service: "admin", instance: "admin-1" } as const;
  const begin = () => ({ name: "x", attributes: {} });

  it("traces nothing without a collector, whatever the ratio", async () => {
    const { tracing, close } = openTracing({ tracing: { endpoint: "", ratio: 1 } }, service, parts);
    assert.equal(tracing.enter(undefined, begin).span, undefined);
    await close();
  });

  it("ends in order although nobody listens there", async () => {
    const config = { tracing: { endpoint: "http://127.0.0.1:1", ratio: 1 } };
    const { tracing, close } = openTracing(config, service, parts);
    tracing.enter(undefined, begin).span?.end();
    await close();
  });
});
