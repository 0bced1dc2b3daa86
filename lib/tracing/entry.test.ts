import assert from "node:assert/strict";
import { entry, noTracing } from "./entry.js";
import { RecordedTraces } from "./tests/recorded-traces.js";
import { parseTraceparent } from "./traceparent.js";
import { traceFields } from "./tracing.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";
const sampled = `00-${traceId}-${parentId}-01`;
const unsampled = `00-${traceId}-${parentId}-00`;
const begin = () => ({ name: "GET /x", attributes: { "http.route": "/x" } });
const web = { service: "web", instance: "web-1" } as const;

describe("a request that enters the mesh", () => {
  it("is sampled if its trace is, whatever the ratio says", () => {
    const traces = new RecordedTraces(0);
    const trace = traces.of(web).enter(sampled, begin);
    trace.span?.end();
    const [span] = traces.spans();
    assert.deepEqual(
      [span?.traceId, span?.parent, span?.kind, span?.name],
      [traceId, parentId, "server", "GET /x"],
    );
    assert.equal(trace.onward, `00-${traceId}-${span?.spanId}-01`);
    assert.deepEqual(traceFields(trace), { trace_id: traceId, span_id: span?.spanId });
  });

  it("is not sampled if its trace is not, whatever the ratio says, and costs no span", () => {
    const traces = new RecordedTraces(1);
    const trace = traces.of(web).enter(unsampled, begin);
    assert.deepEqual([trace.span, trace.traceId, trace.onward], [undefined, traceId, unsampled]);
    assert.equal(traces.started, 0);
    assert.deepEqual(traceFields(trace), { trace_id: traceId });
  });

  it("begins a trace of its own if it came without one, or with what is none", () => {
    for (const came of [undefined, "", "garbage"]) {
      const traces = new RecordedTraces(1);
      const trace = traces.of(web).enter(came, begin);
      trace.span?.end();
      const [span] = traces.spans();
      assert.deepEqual([span?.traceId, span?.parent], [trace.traceId, ""]);
    }
  });

  it("without a trace is sampled by the ratio", () => {
    const started: string[] = [];
    const start = (name: string) => {
      started.push(name);
      return { traceparent: sampled, traceId, spanId: parentId, rename() {}, set() {}, end() {} };
    };
    let next = 0;
    const { enter, enterSilent } = entry({ ratio: 0.25, random: () => next }, start);
    for (const chance of [0, 0.2, 0.25, 0.9]) {
      next = chance;
      enter(undefined, begin);
      enterSilent(begin);
    }
    assert.equal(started.length, 4);
  });

  it("that is not sampled has a trace all the same, which those that it calls are told", () => {
    const { traceId: made, span, onward } = new RecordedTraces(0).of(web).enter(undefined, begin);
    assert.equal(span, undefined);
    assert.deepEqual([parseTraceparent(onward)?.traceId, parseTraceparent(onward)?.isSampled], [made, false]);
  });

  it("keeps its trace where nothing is traced, for those that it calls", () => {
    const { enter, enterSilent } = noTracing(Math.random);
    assert.deepEqual(enter(sampled, begin), { traceId, span: undefined, onward: sampled });
    assert.equal(enter(undefined, begin).traceId.length, 32);
    assert.equal(enterSilent(begin), undefined);
  });
});

describe("a span", () => {
  it("that fails says so by the name of the error", () => {
    const traces = new RecordedTraces(1);
    const span = traces.of(web).start("send channel", { kind: "producer" });
    span.end("rate_limited");
    const [failed] = traces.spans();
    assert.deepEqual([failed?.error, failed?.attributes["error.type"]], ["rate_limited", "rate_limited"]);
  });

  it("belongs to its service and instance, and knows its version", () => {
    const traces = new RecordedTraces(1);
    traces
      .of(web)
      .start("a", { kind: "client", parent: sampled, links: [sampled, "garbage"] })
      .end();
    const [span] = traces.spans();
    assert.deepEqual([span?.service, span?.instance, span?.links], ["confab-web", "web-1", [parentId]]);
  });
});
