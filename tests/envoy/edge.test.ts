import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectH2 } from "node:http2";
import { connect } from "node:tls";
import { type Client, type ServiceError, status } from "@grpc/grpc-js";
import type { HttpsUpstream } from "./https-upstream.js";
import { EnvoyStage, needsEnvoy, type RunningEnvoy } from "./stage.js";

/** Two connects, and then none for an hour. */
const fewConnects = [
  "max_tokens: 20000, tokens_per_fill: 500, fill_interval: 0.1s",
  "max_tokens: 2, tokens_per_fill: 2, fill_interval: 3600s",
] as const;

describe("Envoy at the edge", function () {
  this.timeout(30_000);
  needsEnvoy();
  let stage: EnvoyStage;
  let web: HttpsUpstream;
  let running: RunningEnvoy;
  before(async () => {
    stage = await EnvoyStage.open();
    web = await stage.https("web", "web");
    const gateway = await stage.https("gateway", "gateway");
    const streams = await stage.grpc("streams", "gateway");
    const upstreams = { web: [web], gatewaySockets: [gateway], gatewayStreams: [streams] };
    running = await stage.envoy({ upstreams, edits: [fewConnects] });
  });
  after(() => stage?.close());

  it("refuses headers that are too large or too many, and goes on", async () => {
    const { clients } = running;
    const arrivals = web.arrivals.length;
    const large = await clients.http("/api/api.test", { headers: { "x-large": "y".repeat(17 * 1024) } });
    assert.equal(large.status, 431);
    const headers = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, "y"]));
    assert.equal((await clients.http("/api/api.test", { headers })).status, 431);
    assert.equal((await clients.http("/api/api.test", { headers: { x_y: "z" } })).status, 400);
    assert.equal(web.arrivals.length, arrivals);
    const fits = await clients.http("/api/api.test", { headers: { "x-large": "y".repeat(10 * 1024) } });
    assert.equal(fits.status, 200);
  });

  it("lets connects through at a rate, and says to the others when to come back", async () => {
    const { clients } = running;
    for (let i = 0; i < 2; i++) {
      const opened = await clients.socket("?pocket=W1");
      assert.ok("socket" in opened);
      opened.socket.terminate();
    }
    const late = await clients.socket("?pocket=W1");
    assert.ok("refused" in late);
    assert.equal(late.refused.status, 429);
    assert.equal(late.refused.headers["retry-after"], "1");
    assert.deepEqual(JSON.parse(late.refused.body), {
      ...{ ok: false, error: "ratelimited" },
      ...{ code: "resource_exhausted", message: "too many connect at once" },
    });
    const client = clients.grpc();
    for (const expected of ["streams", "streams", status.RESOURCE_EXHAUSTED]) {
      assert.equal(await openStream(client), expected);
    }
    client.close();
    assert.equal((await clients.json("/api/api.test")).status, 200, "calls are not connects");
  });

  it("tells services of clients only what it knows itself, and clients nothing of services", async () => {
    const forged = {
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-proto": "http",
      "x-forwarded-host": "evil.example",
      "x-forwarded-port": "1",
      "x-forwarded-client-cert": "Subject=admin",
      "x-real-ip": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      "x-request-id": "forged",
      "x-envoy-internal": "true",
      "x-envoy-external-address": "6.6.6.6",
      "x-envoy-original-path": "/metrics",
      "x-envoy-decorator-operation": "forged",
      "x-envoy-force-trace": "1",
    };
    web.answer = (_request, response) => {
      response.writeHead(200, { server: "node" }).end();
    };
    const { headers } = await running.clients.json("/api/api.test", forged);
    const seen = web.arrivals.at(-1)?.headers ?? {};
    for (const [name, value] of Object.entries(forged)) assert.notEqual(seen[name], value, name);
    assert.equal(seen["x-forwarded-proto"], "https");
    assert.equal(headers.server, "confab");
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith("x-envoy")),
      [],
    );
  });

  it("speaks TLS 1.2 or later, HTTP/2 and HTTP/1.1", async () => {
    const { ca, port } = running.clients;
    const shake = async (options: object) => {
      const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...options });
      const event = await Promise.race([
        once(socket, "secureConnect").then(() => `${socket.getProtocol()} ${socket.alpnProtocol}`),
        new Promise<string>((resolve) => socket.on("error", () => resolve("refused"))),
      ]).catch(() => "refused");
      socket.destroy();
      return event;
    };
    assert.equal(await shake({ ALPNProtocols: ["h2", "http/1.1"] }), "TLSv1.3 h2");
    assert.equal(await shake({ ALPNProtocols: ["http/1.1"], maxVersion: "TLSv1.2" }), "TLSv1.2 http/1.1");
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    assert.equal(await shake(old), "refused");
  });

  it("announces to HTTP/2 how many calls a connection may have", async () => {
    const { ca, port } = running.clients;
    const session = connectH2(`https://localhost:${port}`, { ca });
    const [settings] = await once(session, "remoteSettings");
    assert.equal(settings.maxConcurrentStreams, 1000);
    session.destroy();
  });

  it("bounds its connections and its memory", async () => {
    const stats = await running.envoy.ask("/stats?filter=overload");
    for (const monitor of ["fixed_heap.pressure", "shrink_heap.active", "stop_accepting_requests.active"]) {
      assert.match(stats, new RegExp(`${monitor.replace(".", "\\.")}: \\d`));
    }
  });
});

/** What a gateway says first on a stream, or the code with which it was refused. */
function openStream(client: Client): Promise<string | number> {
  const asIs = (bytes: Buffer) => bytes;
  const stream = client.makeBidiStreamRequest("/confab.v1.Realtime/Subscribe", asIs, asIs);
  return new Promise((resolve) => {
    stream.on("data", (bytes: Buffer) => {
      resolve(String(bytes));
      stream.cancel();
    });
    stream.on("error", (error: ServiceError) => resolve(error.code));
  });
}
