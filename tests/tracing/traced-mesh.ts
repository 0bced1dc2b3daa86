import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../lib/clock/system-clock.js";
import { type RecordedSpan, RecordedTraces } from "../../lib/tracing/tests/recorded-traces.js";
import { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { readLocalConfig } from "../../services/local/config.js";
import { LocalMesh } from "../../services/local/local-mesh.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

type Addresses = Awaited<ReturnType<LocalMesh["start"]>>;

/** All services in this process, with two gateways; all their spans in memory. */
export class TracedMesh {
  readonly traces: RecordedTraces;
  #mesh: LocalMesh | undefined;
  #folder = "";
  #addresses: Addresses | undefined;
  readonly #sockets: TestSocket[] = [];

  constructor(private readonly ratio: number) {
    this.traces = new RecordedTraces(ratio);
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-traced-"));
    const config = readLocalConfig(["--data", this.#folder, "--port", "0", "--gateways", "2", "--json"]);
    this.#mesh = new LocalMesh(config, systemClock, Math.random, silent, this.traces);
    this.#addresses = await this.#mesh.start();
    this.traces.forget();
  }

  get addresses(): Addresses {
    if (!this.#addresses) throw new Error("the mesh was not started");
    return this.#addresses;
  }

  /**
   * Calls a method as JSON over HTTP; resolves with its answer and the trace that the answer names, once that
   * has ended.
   */
  async call(
    path: string,
    request: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly traceId: string; readonly answer: unknown }> {
    const { url, token } = this.addresses;
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify(request),
    });
    const answer: unknown = await response.json();
    const traceId = response.headers.get("x-trace-id") ?? "";
    const isSampled = headers.traceparent?.endsWith("-01") ?? this.ratio === 1;
    // The answer is here before the span of it has ended.
    const isServed = (span: RecordedSpan) => span.traceId === traceId && span.name.startsWith("POST ");
    if (isSampled) await this.traces.ended(isServed);
    return { status: response.status, traceId, answer };
  }

  /** Id of the conversation that is there from the beginning. */
  async general(): Promise<string> {
    const { answer } = await this.call("/confab.v1.Directory/GetConversation", { name: "general" });
    return (answer as { conversation: { id: string } }).conversation.id;
  }

  /** A socket at a gateway other than that of the other socket, if one is given. */
  async socket(other?: TestSocket): Promise<TestSocket> {
    for (;;) {
      const { answer } = await this.call("/api/rtm.connect", {});
      const { url, ticket } = answer as { url: string; ticket: string };
      if (url === other?.socket.url) continue;
      const socket = new TestSocket(url, ["confab.v1.json", `confab.ticket.${ticket}`]);
      this.#sockets.push(socket);
      await frameWith(socket, "hello");
      return socket;
    }
  }

  /** Follows a channel; from after a `seq`: resolves once something that was missed has come, too. */
  async follow(socket: TestSocket, channelId: string, seq?: number): Promise<void> {
    const position = seq === undefined ? {} : { position: { seq, id: 0 } };
    socket.send(JSON.stringify({ requestId: 1, subscribe: { channels: [{ channelId, ...position }] } }));
    // What was missed may come before or after it.
    for (const left = new Set(seq === undefined ? ["ready"] : ["ready", "events"]); left.size > 0; ) {
      const frame = JSON.parse(await socket.next()) as Record<string, unknown>;
      if ("error" in frame) throw new Error(JSON.stringify(frame));
      for (const field of Object.keys(frame)) left.delete(field);
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.end();
    await this.#mesh?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The next frame that holds a field, others are passed over. */
export async function frameWith(socket: TestSocket, field: string): Promise<Record<string, unknown>> {
  for (;;) {
    const frame = JSON.parse(await socket.next()) as Record<string, unknown>;
    if (field in frame) return frame;
    if ("error" in frame) throw new Error(JSON.stringify(frame));
  }
}
