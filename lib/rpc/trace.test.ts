import assert from "node:assert/strict";
import { once } from "node:events";
import { credentials, Metadata } from "@grpc/grpc-js";
import { MessagingClient, MessagingService } from "../../gen/confab/v1/messaging.js";
import { systemClock } from "../clock/system-clock.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { RecordedTraces, treeOf } from "../tracing/tests/recorded-traces.js";
import { parseTraceparent } from "../tracing/traceparent.js";
import type { CallTrace } from "../tracing/tracing.js";
import { Forwarder } from "./forwarder.js";
import { implement } from "./implement.js";
import { loadDescriptors } from "./reflection.js";
import { createRpcServer, type RpcServer } from "./server.js";

const caller = { userId: "U1" as UserId, workspaceId: "W1" as WorkspaceId, tokenId: "T1" };
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const path = MessagingService.sendTyping.path;

describe("calls and their traces", () => {
  let traces: RecordedTraces;
  let server: RpcServer;
  let address: string;
  let contexts: (string | undefined)[];
  let logged: object[];
  let failure: Error | undefined;

  async function start(ratio: number): Promise<void> {
    traces = new RecordedTraces(ratio);
    [contexts, logged, failure] = [[], [], undefined];
    const ignore = () => {};
    const surroundings = {
      authenticator: { authenticate: async () => caller },
      clock: systemClock,
      log: { debug: ignore, info: ignore, warn: ignore, error: (details: object) => logged.push(details) },
      tracing: traces.of({ service: "admin", instance: "admin-1" }),
    };
    const handlers = {
      async sendTyping(_request: unknown, { trace }: { trace?: string | undefined }) {
        contexts.push(trace);
        if (failure) throw failure;
        return {};
      },
    };
    const services = [implement(MessagingService, handlers, surroundings)];
    server = createRpcServer({ clock: systemClock, descriptors: loadDescriptors(), services });
    address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  }
  afterEach(() => server.close());

  /** The trace that the answer names, however the call ends. */
  async function call(traceparent?: string): Promise<string> {
    const client = new MessagingClient(address, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set("authorization", "Bearer good");
    if (traceparent) metadata.set("traceparent", traceparent);
    const request = { channelId: "C1", parentId: 0 };
    const ended = new Promise((resolve) => {
      const under = client.sendTyping(request, metadata, resolve);
      named = once(under, "metadata").then(([initial]) => String(initial.get("x-trace-id")[0]));
    });
    await ended;
    client.close();
    return named;
  }
  let named: Promise<string>;

  it("answer with the trace with which they came, sampled or not, and tell their handlers if sampled", async () => {
    await start(0);
    assert.equal(await call(`00-${traceId}-00f067aa0ba902b7-01`), traceId);
    assert.equal(await call(`00-${traceId}-00f067aa0ba902b7-00`), traceId);
    const [span, ...others] = traces.spans();
    assert.deepEqual(
      [span?.name, span?.kind, span?.parent, others.length],
      [path.slice(1), "server", "00f067aa0ba902b7", 0],
    );
    assert.deepEqual(contexts, [`00-${traceId}-${span?.spanId}-01`, undefined]);
    assert.deepEqual(span?.attributes, {
      "rpc.system.name": "grpc",
      "rpc.method": "confab.v1.Messaging/SendTyping",
      "rpc.status_code": "OK",
    });
  });

  it("answer with a new trace if they came without one, and are sampled by the ratio", async () => {
    await start(1);
    const made = await call();
    assert.deepEqual(
      traces.spans().map((span) => span.traceId),
      [made],
    );
  });

  it("that break answer with their trace too, and are logged with it", async () => {
    await start(0);
    failure = new Error("a bug");
    assert.equal(await call(`00-${traceId}-00f067aa0ba902b7-01`), traceId);
    const [span] = traces.spans();
    assert.deepEqual([span?.error, span?.attributes["rpc.status_code"]], ["internal", "INTERNAL"]);
    const [line] = logged as Record<string, unknown>[];
    assert.deepEqual([line?.trace_id, line?.span_id], [traceId, span?.spanId]);
  });

  it("that are passed on have a span on either side, and an unsampled one its trace", async () => {
    await start(0);
    const web = traces.of({ service: "web", instance: "web-1" });
    const forwarder = new Forwarder(address, undefined, web);
    const forward = (trace: CallTrace) => {
      const call = { path, request: new Uint8Array(), authorization: "Bearer good", timeoutMs: 10_000 };
      return forwarder.call({ ...call, signal: new AbortController().signal, trace });
    };
    const begin = () => ({ name: "POST /x", attributes: {} });
    const sampled = web.enter(`00-${traceId}-00f067aa0ba902b7-01`, begin);
    await forward(sampled);
    sampled.span?.end();
    await forward(web.enter(`00-${traceId}-00f067aa0ba902b7-00`, begin));
    forwarder.close();
    assert.deepEqual(treeOf(traces.spans(traceId)), [
      "web: POST /x (server)",
      "  web: confab.v1.Messaging/SendTyping (client)",
      "    admin: confab.v1.Messaging/SendTyping (server)",
    ]);
    assert.deepEqual([contexts.length, contexts[1]], [2, undefined]);
    assert.equal(parseTraceparent(sampled.onward)?.isSampled, true);
  });
});
