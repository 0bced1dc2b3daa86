import assert from "node:assert/strict";
import { RecordedTraces, treeOf } from "../../lib/tracing/tests/recorded-traces.js";
import { makeTraceId } from "../../lib/tracing/traceparent.js";
import { bob, OwnerStage } from "./owner-stage.js";
import { ChannelTracer } from "./tracer.js";

const post = ["channel: process channel (consumer)", "  channel: append log (client)"];
const stored = [...post, "  channel: confirm fenced (client)"];
const fannedOut = [...stored, "  channel: send gateways (producer)"];

describe("tracing at the owner", () => {
  let traces: RecordedTraces;
  let tracer: ChannelTracer;
  let stage: OwnerStage;

  beforeEach(async () => {
    traces = new RecordedTraces(0);
    const tracing = traces.of({ service: "channel", instance: "channel-1" });
    tracer = new ChannelTracer({ tracing, storeSystem: "cassandra" });
    stage = new OwnerStage({ tracer });
    await stage.found();
    stage.attach();
  });

  /** A command of a new trace. */
  function context() {
    const [traceId, spanId] = [makeTraceId(32, Math.random), makeTraceId(16, Math.random)];
    const traceparent = `00-${traceId}-${spanId}-01`;
    return { traceId, spanId, traceparent };
  }

  const tree = ({ traceId }: { traceId: string }) => {
    tracer.flushed();
    return treeOf(traces.spans(traceId));
  };

  const deliveries = () =>
    stage.down().flatMap(({ item }) => (item?.$case === "delivery" ? [item.value] : []));

  it("gives the sampled commands of one append a span of it each, in their own traces", async () => {
    const [first, one, two] = [context(), context(), context()];
    stage.post("first");
    stage.post("one", { traceparent: one.traceparent });
    stage.post("none");
    stage.post("two", { traceparent: two.traceparent, author: bob });
    await stage.settle();
    assert.deepEqual([tree(first), tree(one), tree(two)], [[], fannedOut, fannedOut]);
    const append = traces.spans(one.traceId).find(({ name }) => name === "append log");
    assert.deepEqual(append?.attributes, {
      "db.system.name": "cassandra",
      "db.operation.name": "append",
      "db.collection.name": "log",
    });
  });

  it("sends gateways the contexts of an event's fan-out and creation, of no other event", async () => {
    const { traceparent, traceId } = context();
    stage.post("none");
    stage.post("one", { traceparent });
    await stage.settle();
    const [none, one] = deliveries();
    assert.deepEqual(Object.keys(none!), ["seq", "id", "frame", "membership", "deletes"]);
    tracer.flushed();
    const fanOut = traces.spans(traceId).find(({ name }) => name === "send gateways");
    assert.equal(one?.traceparent, `00-${traceId}-${fanOut?.spanId}-01`);
    assert.equal(one?.creationTraceparent, traceparent);
    assert.equal(fanOut?.attributes["messaging.batch.message_count"], 1);
  });

  it("shows each try of an append of unknown outcome", async () => {
    const trace = context();
    stage.post("one", { traceparent: trace.traceparent });
    await stage.fail("append", "unknown", true);
    stage.clock.advance(1000);
    await stage.settle();
    const failed = "  channel: append log (client) failed: unknown";
    assert.deepEqual(tree(trace), [...post, failed, ...fannedOut.slice(2)]);
  });

  it("gives a command that comes again a span of its own, and its event one fan-out", async () => {
    const trace = context();
    const again = { traceparent: trace.traceparent, firstAttempt: false };
    stage.post("one", { traceparent: trace.traceparent }, "id-1");
    stage.post("one", again, "id-1");
    await stage.settle();
    assert.deepEqual(tree(trace), ["channel: process channel (consumer)", ...fannedOut]);
    assert.equal(deliveries().length, 1);
  });

  it("ends the span of a command that is refused with the error's name", () => {
    const trace = context();
    stage.post("one", { traceparent: trace.traceparent, channelId: "nonsense" });
    assert.deepEqual(tree(trace), ["channel: process channel (consumer) failed: invalid_id"]);
  });

  it("ends the spans of commands without an answer when the life ends", () => {
    const trace = context();
    stage.post("one", { traceparent: trace.traceparent });
    tracer.close();
    assert.deepEqual(tree(trace), ["channel: process channel (consumer) failed: not_owner"]);
  });

  it("sends an event that is fetched with the context of its creation alone, as long as that is known", async () => {
    const { traceparent } = context();
    stage.post("one", { traceparent });
    stage.post("none");
    await stage.settle();
    stage.wish({ $case: "fetch", value: { afterSeq: 3, toSeq: 5 } });
    const fetched = stage.down().flatMap(({ item }) => (item?.$case === "fetched" ? item.value.events : []));
    assert.deepEqual(
      fetched.map((event) => [event.seq, event.traceparent, event.creationTraceparent]),
      [
        [4, undefined, traceparent],
        [5, undefined, undefined],
      ],
    );
  });
});
