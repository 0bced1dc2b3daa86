import assert from "node:assert/strict";
import type { GrpcUpstream } from "./grpc-upstream.js";
import type { HttpsUpstream } from "./https-upstream.js";
import type { OtlpCollector } from "./otlp-collector.js";
import { EnvoyStage, needsEnvoy, type RunningEnvoy } from "./stage.js";
import { until } from "./until.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parent = "b7ad6b7169203331";

describe("traces and the access log of Envoy", function () {
  this.timeout(30_000);
  needsEnvoy();
  let stage: EnvoyStage;
  let web: HttpsUpstream;
  let gateway: HttpsUpstream;
  let admin: GrpcUpstream;
  let collector: OtlpCollector;
  const envoyOf = (options: { sampling?: number; otlp?: OtlpCollector }): Promise<RunningEnvoy> =>
    stage.envoy({ upstreams: { web: [web], admin: [admin], gatewaySockets: [gateway] }, ...options });

  before(async () => {
    stage = await EnvoyStage.open();
    web = await stage.https("web", "web");
    gateway = await stage.https("gateway", "gateway");
    admin = await stage.grpc("admin", "admin");
    collector = await stage.collector();
  });
  after(() => stage?.close());

  it("follow a caller's trace, and say which it is", async () => {
    const { clients } = await envoyOf({ otlp: collector, sampling: 0 });
    web.answer = (_request, response) => response.writeHead(200, { "x-trace-id": "another" }).end();
    const traceparent = `00-${traceId}-${parent}-01`;
    const { headers } = await clients.json("/api/api.test?secret=1", { traceparent });
    assert.equal(headers["x-trace-id"], traceId);
    const call = await clients.call("/confab.v1.Messaging/PostMessage", { traceparent });
    assert.equal(call.metadata["x-trace-id"], traceId);
    const names = ["api read", "api read to web", "grpc call", "grpc call to admin"];
    const spanOf = (name: string) => collector.spans.find((span) => span.name === name);
    await until(() =>
      names.map((name) => spanOf(name) ?? `no span ${name}`).find((one) => typeof one === "string"),
    );
    for (const name of names) {
      assert.equal(spanOf(name)?.traceId, traceId);
      assert.equal(spanOf(name)?.service, "confab-edge");
    }
    assert.equal(spanOf("api read")?.parentId, parent);
    assert.equal(spanOf("api read to web")?.parentId, spanOf("api read")?.spanId);
    const told = `00-${traceId}-${spanOf("api read to web")?.spanId}-01`;
    assert.equal(web.arrivals.at(-1)?.headers.traceparent, told);
    assert.equal(
      admin.calls.at(-1)?.metadata.traceparent,
      `00-${traceId}-${spanOf("grpc call to admin")?.spanId}-01`,
    );
    assert.equal(spanOf("api read")?.attributes["http.url"], "/api/api.test");
    assert.doesNotMatch(JSON.stringify(collector.spans), /secret/);
  });

  it("begin by themselves for so many of the others, and every answer has an id", async () => {
    for (const [sampling, flags] of [
      [100, "01"],
      [0, "00"],
    ] as const) {
      const { clients } = await envoyOf({ otlp: collector, sampling });
      const { headers } = await clients.json("/api/api.test", { "x-client-trace-id": "1" });
      const id = String(headers["x-trace-id"]);
      assert.match(id, /^[0-9a-f]{32}$/);
      assert.match(
        String(web.arrivals.at(-1)?.headers.traceparent),
        new RegExp(`^00-${id}-[0-9a-f]{16}-${flags}$`),
      );
      const unsampled = { traceparent: `00-${traceId}-${parent}-00` };
      assert.equal((await clients.json("/api/api.test", unsampled)).headers["x-trace-id"], traceId);
      assert.match(String(web.arrivals.at(-1)?.headers.traceparent), new RegExp(`^00-${traceId}-.*-00$`));
      const refusals = [await clients.http("/metrics"), await clients.http("/confab.v1.X%2fy")];
      assert.deepEqual(
        refusals.map((refusal) => refusal.status),
        [404, 400],
      );
      assert.match(String(refusals[0]?.headers["x-trace-id"]), /^[0-9a-f]{32}$/);
      assert.match(String((await clients.call("/other/Call")).metadata["x-trace-id"]), /^[0-9a-f]{32}$/);
    }
  });

  it("are not there without a collector, and a caller's trace is passed on as it is", async () => {
    const { clients } = await envoyOf({});
    const traceparent = `00-${traceId}-${parent}-01`;
    web.answer = (_request, response) => response.end();
    const { headers } = await clients.json("/api/api.test", { traceparent });
    assert.equal(headers["x-trace-id"], undefined);
    assert.equal(web.arrivals.at(-1)?.headers.traceparent, traceparent);
  });

  it("have a line for each request, with its trace and without secrets", async () => {
    const { clients, envoy } = await envoyOf({ otlp: collector });
    const authorization = "Bearer SECRET";
    const { headers } = await clients.json("/api/auth.test?token=SECRET", {
      authorization,
      cookie: "SECRET",
    });
    const opened = await clients.socket("?pocket=SECRET");
    assert.ok("socket" in opened);
    opened.socket.terminate();
    await clients.call("/confab.v1.Directory/WhoAmI", { authorization });
    await clients.http("/nowhere?SECRET");
    const { time, duration_ms, request_id, ...line } = await envoy.line(({ route }) => route === "api read");
    assert.ok(Date.parse(String(time)) > 0 && typeof duration_ms === "number" && request_id);
    assert.deepEqual(line, {
      ...{ method: "POST", path: "/api/auth.test", protocol: "HTTP/1.1", route: "api read", status: 200 },
      ...{ grpc_status: null, details: "via_upstream", flags: "-", received_bytes: 2, sent_bytes: 0 },
      ...{ client: "127.0.0.1", cluster: "web", upstream: `127.0.0.1:${web.port}`, attempts: 1 },
      trace_id: headers["x-trace-id"],
    });
    const socket = await envoy.line(({ route }) => route === "socket");
    assert.deepEqual([socket.path, socket.status], ["/v1/socket", 101]);
    assert.equal(socket.trace_id, opened.headers["x-trace-id"]);
    const call = await envoy.line(({ route }) => route === "grpc read");
    assert.deepEqual([call.path, call.grpc_status], ["/confab.v1.Directory/WhoAmI", "OK"]);
    await envoy.line(({ path }) => path === "/nowhere");
    assert.doesNotMatch(JSON.stringify(envoy.accessLog), /SECRET/);
  });
});
