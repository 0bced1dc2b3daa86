import assert from "node:assert/strict";
import { RecordedTraces } from "../../lib/tracing/tests/recorded-traces.js";
import { GatewayTracer } from "./delivery-tracer.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const creationTraceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const traceparent = `00-${traceId}-00f067aa0ba902b8-01`;
const plain = { seq: 1, id: 1_700_000_000_000_100, frame: new Uint8Array(), membership: false, deletes: 0 };

describe("tracing at a gateway", () => {
  let traces: RecordedTraces;
  let tracer: GatewayTracer;

  beforeEach(() => {
    traces = new RecordedTraces(0);
    tracer = new GatewayTracer(traces.of({ service: "gateway", instance: "gateway-1" }));
  });

  const seen = () => traces.spans().map(({ parent, links, traceId: of }) => [of === traceId, parent, links]);

  it("has a delivery as a span under the fan-out, linked to the creation", () => {
    tracer.delivering("C000000000001", { ...plain, traceparent, creationTraceparent })();
    assert.deepEqual(seen(), [[true, "00f067aa0ba902b8", ["00f067aa0ba902b7"]]]);
    assert.deepEqual(traces.spans()[0]?.attributes, {
      "messaging.system.name": "confab",
      "messaging.operation.name": "deliver",
      "messaging.operation.type": "process",
      "messaging.destination.template": "clients",
      "messaging.destination.name": "C000000000001",
      "messaging.message.id": "1700000000000100",
    });
  });

  it("has a delivery of what was fetched as a trace of its own, linked to the creation", () => {
    tracer.delivering("C000000000001", { ...plain, creationTraceparent })();
    assert.deepEqual(seen(), [[false, "", ["00f067aa0ba902b7"]]]);
  });

  it("traces the first catch-up on a message only, whoever comes after that", () => {
    for (let i = 0; i < 3; i++)
      tracer.caughtUp("C000000000001", { ...plain, traceparent, creationTraceparent });
    assert.deepEqual(seen(), [[false, "", ["00f067aa0ba902b7"]]]);
  });

  it("remembers only some of them", () => {
    const other = (i: number) => creationTraceparent.replace("00f067", (0x100000 + i).toString(16));
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1024; i++) tracer.caughtUp("C", { ...plain, creationTraceparent: other(i) });
    }
    assert.equal(traces.spans().length, 1024);
    tracer.caughtUp("C", { ...plain, creationTraceparent });
    tracer.caughtUp("C", { ...plain, creationTraceparent: other(0) });
    assert.equal(traces.spans().length, 1026);
  });
});
