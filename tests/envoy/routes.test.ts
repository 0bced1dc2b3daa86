import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { status } from "@grpc/grpc-js";
import { WebSocket } from "ws";
import { loadContract } from "../../services/web/contract/methods.js";
import type { GrpcUpstream } from "./grpc-upstream.js";
import type { HttpsUpstream } from "./https-upstream.js";
import { EnvoyStage, needsEnvoy, type RunningEnvoy } from "./stage.js";

describe("Envoy's routes", function () {
  this.timeout(30_000);
  needsEnvoy();
  let stage: EnvoyStage;
  let running: RunningEnvoy;
  let web: HttpsUpstream;
  let gateway: HttpsUpstream;
  let admin: GrpcUpstream;
  let streams: GrpcUpstream;
  before(async () => {
    stage = await EnvoyStage.open();
    web = await stage.https("web", "web");
    gateway = await stage.https("gateway", "gateway");
    admin = await stage.grpc("admin", "admin");
    streams = await stage.grpc("streams", "gateway");
    const upstreams = { web: [web], admin: [admin], gatewaySockets: [gateway], gatewayStreams: [streams] };
    running = await stage.envoy({ upstreams });
  });
  after(() => stage?.close());

  it("lead every unary method to admin as gRPC and to web as JSON", async () => {
    const { clients } = running;
    for (const { path, isStream } of loadContract().values()) {
      if (isStream) continue;
      assert.deepEqual({ ...(await clients.call(path)), metadata: {} }, outcome("admin"));
      assert.equal((await clients.json(path)).body, "web", path);
      assert.equal(admin.calls.at(-1)?.path, path);
      assert.equal(web.arrivals.at(-1)?.url, path);
    }
    assert.equal(web.arrivals.at(-1)?.peer, "DNS:envoy.confab");
  });

  it("lead the Web API and health to web, whatever host the client names", async () => {
    const headers = { host: "chat.example.org" };
    for (const path of ["/api/api.test?a=b", "/health/ready", "/health/live"]) {
      const { status: code, body } = await running.clients.http(path, { headers, servername: "localhost" });
      assert.deepEqual([code, body], [200, "web"], path);
      assert.equal(web.arrivals.at(-1)?.url, path);
      assert.equal(web.arrivals.at(-1)?.headers.host, "chat.example.org");
    }
  });

  it("lead sockets to a gateway, which speaks both ways and chooses the subprotocol", async () => {
    const opened = await running.clients.socket("?pocket=W1");
    assert.ok("socket" in opened);
    assert.equal(opened.first, "gateway");
    assert.equal(opened.headers["sec-websocket-protocol"], "confab.v1.json");
    opened.socket.send("hello");
    assert.equal(String((await once(opened.socket, "message"))[0]), "hello");
    assert.equal(gateway.arrivals.at(-1)?.url, "/v1/socket?pocket=W1");
    assert.match(
      String(gateway.arrivals.at(-1)?.headers["sec-websocket-protocol"]),
      /confab\.ticket\.SECRET/,
    );
    opened.socket.terminate();
  });

  it("lead Subscribe to a gateway by gRPC, and only that", async () => {
    const client = running.clients.grpc();
    const asIs = (bytes: Buffer) => bytes;
    const stream = client.makeBidiStreamRequest("/confab.v1.Realtime/Subscribe", asIs, asIs);
    assert.equal(String((await once(stream, "data"))[0]), "streams");
    stream.write(Buffer.from("ping"));
    assert.equal(String((await once(stream, "data"))[0]), "ping");
    stream.end();
    await once(stream.resume(), "end");
    client.close();
    assert.deepEqual(
      streams.calls.map(({ path }) => path),
      ["/confab.v1.Realtime/Subscribe"],
    );
  });

  it("lead health and reflection of gRPC to admin", async () => {
    const { clients } = running;
    const health = await clients.call("/grpc.health.v1.Health/Check", {}, Buffer.alloc(0));
    assert.equal(health.answer, "\b\u0001");
    // This admin has no reflection, and says so itself.
    const reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    const { code, details } = await clients.call(reflection);
    assert.equal(code, status.UNIMPLEMENTED);
    assert.match(details, /does not implement the method/);
  });

  it("know no other paths, neither metrics nor anything of the administration", async () => {
    const { clients } = running;
    for (const path of ["/metrics", "/", "/stats", "/clusters", "/config_dump", "/ready", "/v1/socket/x"]) {
      const { status: code, body } = await clients.http(path);
      assert.equal(code, 404, path);
      assert.deepEqual(JSON.parse(body), {
        ...{ ok: false, error: "unknown_method" },
        ...{ code: "unimplemented", message: "there is no such path" },
      });
    }
    for (const path of ["/health/../metrics", "//metrics", "/api/../metrics?x=/health/"]) {
      assert.equal((await clients.http(path)).status, 404, path);
    }
    assert.equal((await clients.http("/api/%2e%2e%2fmetrics")).status, 400);
    assert.equal((await clients.call("/other.Service/Get")).code, status.UNIMPLEMENTED);
  });

  it("take no WebSockets anywhere else", async () => {
    const { ca, port } = running.clients;
    const socket = new WebSocket(`wss://localhost:${port}/api/api.test`, { ca });
    const [error] = await once(socket, "error");
    assert.match(error.message, /Unexpected server response: 403/);
  });

  it("are not there in plain text", async () => {
    const arrivals = web.arrivals.length;
    const plain = connect(running.clients.port, "127.0.0.1");
    let heard = "";
    plain.setEncoding("latin1").on("data", (text: string) => {
      heard += text;
    });
    plain.write("GET /api/api.test HTTP/1.1\r\nhost: x\r\n\r\n");
    await once(plain, "close");
    assert.doesNotMatch(heard, /HTTP/);
    assert.equal(web.arrivals.length, arrivals);
  });
});

function outcome(answer: string) {
  return { code: status.OK, details: "", answer, metadata: {} };
}
