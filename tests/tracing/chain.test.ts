import assert from "node:assert/strict";
import { treeOf } from "../../lib/tracing/tests/recorded-traces.js";
import { formatTraceparent, makeTraceId } from "../../lib/tracing/traceparent.js";
import { frameWith, TracedMesh } from "./traced-mesh.js";

const postMessages = "/confab.v1.Messaging/PostMessages";

function newTrace(isSampled = true) {
  const parts = { traceId: makeTraceId(32, Math.random), spanId: makeTraceId(16, Math.random), isSampled };
  return { ...parts, headers: { traceparent: formatTraceparent(parts) } };
}

describe("a message through the mesh", () => {
  let mesh: TracedMesh;
  let channelId: string;

  async function begin(ratio: number): Promise<void> {
    mesh = new TracedMesh(ratio);
    await mesh.start();
    channelId = await mesh.general();
    mesh.traces.forget();
  }
  afterEach(() => mesh.stop());

  const post = (texts: readonly string[], headers: Readonly<Record<string, string>>) => {
    const messages = texts.map((text) => ({ text }));
    return mesh.call(postMessages, { channelId, messages, firstAttempt: true }, headers);
  };

  async function twoFollowers() {
    const one = await mesh.socket();
    const two = await mesh.socket(one);
    for (const socket of [one, two]) await mesh.follow(socket, channelId);
    mesh.traces.forget();
    return [one, two];
  }

  it("is one trace: each hop is a span under the one before it", async () => {
    await begin(0);
    const sockets = await twoFollowers();
    const { traceId, spanId, headers } = newTrace();
    const { traceId: answered } = await post(["hello"], headers);
    for (const socket of sockets) await frameWith(socket, "events");
    const spans = mesh.traces.spans();
    assert.deepEqual(treeOf(spans), [
      "web: POST /confab.v1.Messaging/PostMessages (server)",
      "  web: confab.v1.Messaging/PostMessages (client)",
      "    admin: confab.v1.Messaging/PostMessages (server)",
      "      admin: send channel (producer)",
      "        channel: process channel (consumer)",
      "          channel: append log (client)",
      "          channel: confirm fenced (client)",
      "          channel: send gateways (producer)",
      "            gateway-1: deliver clients (consumer) -> send channel",
      "            gateway-2: deliver clients (consumer) -> send channel",
    ]);
    assert.deepEqual(new Set(spans.map((span) => span.traceId)), new Set([traceId]));
    assert.equal(answered, traceId);
    assert.equal(spans.find(({ name }) => name.startsWith("POST"))?.parent, spanId);
    const append = spans.find(({ name }) => name === "append log");
    assert.equal(append?.attributes["db.system.name"], "sqlite");
  });

  it("costs no call of the tracer unless it is sampled, but its answer names a trace", async () => {
    await begin(0);
    const sockets = await twoFollowers();
    const { traceId, headers } = newTrace(false);
    const { traceId: answered } = await post(["one"], headers);
    const { traceId: made } = await post(["two"], {});
    sockets[0]!.send(JSON.stringify({ requestId: 2, post: { channelId, message: { text: "three" } } }));
    await frameWith(sockets[0]!, "ack");
    assert.deepEqual([answered, made.length, made === traceId], [traceId, 32, false]);
    assert.deepEqual([mesh.traces.started, mesh.traces.spans()], [0, []]);
  });

  it("is traced by its own command where several go with one append", async () => {
    await begin(0);
    const { traceId, headers } = newTrace();
    await post(["one", "two", "three"], headers);
    const commands = treeOf(mesh.traces.spans(traceId)).filter((line) => !line.includes("Messaging"));
    const each = [
      "admin: send channel (producer)",
      "channel: process channel (consumer)",
      "channel: append log (client)",
      "channel: confirm fenced (client)",
      "channel: send gateways (producer)",
    ];
    assert.deepEqual(
      commands.map((line) => line.trim()),
      [...each, ...each, ...each],
    );
  });

  it("is sampled at the gateway if it comes over a socket", async () => {
    await begin(1);
    const [socket] = await twoFollowers();
    socket!.send(JSON.stringify({ requestId: 2, post: { channelId, message: { text: "hello" } } }));
    await frameWith(socket!, "ack");
    const [line, ...below] = treeOf(mesh.traces.spans());
    assert.match(line!, /^gateway-\d: session post \(server\)$/);
    assert.match(below[0]!, /^ {2}gateway-\d: send channel \(producer\)$/);
    assert.equal(below[1], "    channel: process channel (consumer)");
  });

  it("that a client had missed is delivered in a trace of its own, linked to it, once for a gateway", async () => {
    await begin(0);
    const { traceId, headers } = newTrace();
    await post(["hello"], headers);
    const posted = mesh.traces.spans(traceId);
    const creation = posted.find(({ name }) => name === "send channel");
    mesh.traces.forget();
    for (let i = 0; i < 3; i++) {
      const socket = await mesh.socket();
      await mesh.follow(socket, channelId, 1);
    }
    const caughtUp = mesh.traces.spans();
    const gateways = new Set(caughtUp.map(({ instance }) => instance));
    assert.equal(caughtUp.length, gateways.size);
    for (const { name, parent, links, traceId: own } of caughtUp) {
      assert.deepEqual([name, parent, links], ["deliver clients", "", [creation?.spanId]]);
      assert.notEqual(own, traceId);
    }
  });

  it("that is refused is a span that failed by the name of the error, all the way", async () => {
    await begin(0);
    const { headers, traceId } = newTrace();
    await mesh.call("/confab.v1.Messaging/PostMessage", { channelId: "nonsense" }, headers);
    await mesh.call(postMessages, { channelId: "C000000000009", messages: [{ text: "x" }] }, headers);
    const failed = mesh.traces.spans(traceId).map(({ name, error }) => `${name}: ${error}`);
    assert.deepEqual(failed, [
      "confab.v1.Messaging/PostMessage: invalid_id",
      "confab.v1.Messaging/PostMessage: invalid_id",
      "POST /confab.v1.Messaging/PostMessage: invalid_id",
      "process channel: channel_not_found",
      "send channel: channel_not_found",
      "confab.v1.Messaging/PostMessages: ",
      "confab.v1.Messaging/PostMessages: ",
      "POST /confab.v1.Messaging/PostMessages: ",
    ]);
  });

  it("has names without ids, whatever is called", async () => {
    await begin(1);
    const [socket] = await twoFollowers();
    mesh.traces.forget();
    await mesh.call("/confab.v1.Messaging/ListEvents", { channelId });
    await mesh.call("/confab.v1.Messaging/ListMessages", { channelId });
    await mesh.call("/confab.v1.Messaging/MarkRead", { channelId, seq: 1 });
    await mesh.call(`/confab.v1.Messaging/${channelId}`, {});
    await mesh.call(`/api/${channelId}`, {});
    await mesh.call("/api/auth.test", {});
    socket!.send(JSON.stringify({ requestId: 3, mark: { channelId, seq: 1 } }));
    await frameWith(socket!, "ack");
    const names = [...new Set(mesh.traces.spans().map(({ name }) => name))].sort();
    assert.deepEqual(names, [
      "POST /:service/:method",
      "POST /api/:method",
      "POST /api/auth.test",
      "POST /confab.v1.Messaging/ListEvents",
      "POST /confab.v1.Messaging/ListMessages",
      "POST /confab.v1.Messaging/MarkRead",
      "append log",
      "confab.mesh.v1.Log/Ask",
      "confab.mesh.v1.Log/ReadEvents",
      "confab.v1.Messaging/ListEvents",
      "confab.v1.Messaging/ListMessages",
      "confab.v1.Messaging/MarkRead",
      "confirm fenced",
      "process channel",
      "send channel",
      "send gateways",
      "session mark",
    ]);
  });
});
