import assert from "node:assert/strict";
import { ConfabError } from "../../lib/errors/errors.js";
import { RecordedTraces } from "../../lib/tracing/tests/recorded-traces.js";
import { buildApp } from "./app.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const ignore = () => {};

describe("requests over HTTP and their traces", () => {
  function appOf(ratio: number, logged: object[] = []) {
    const traces = new RecordedTraces(ratio);
    const app = buildApp({
      authenticator: { authenticate: async () => Promise.reject(new ConfabError("invalid_auth")) },
      connectFlow: { connect: async () => Promise.reject(new Error("not asked")) },
      directory: { findUser: async () => undefined, findWorkspace: async () => undefined },
      admin: { call: async () => new Uint8Array() },
      region: "",
      hosts: [],
      isReady: () => true,
      metrics: async () => "",
      log: { debug: ignore, info: ignore, warn: ignore, error: (details) => void logged.push(details) },
      tracing: traces.of({ service: "web", instance: "web-1" }),
    });
    return { app, traces };
  }

  const traceparent = (flag: "00" | "01") => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-${flag}` });

  it("name their trace in the answer, sampled or not", async () => {
    const { app, traces } = appOf(0);
    for (const flag of ["00", "01"] as const) {
      const { headers } = await app.inject({ url: "/api/api.test", headers: traceparent(flag) });
      assert.equal(headers["x-trace-id"], traceId);
    }
    await traces.ended(({ name }) => name === "GET /api/api.test");
    const [span, ...others] = traces.spans();
    assert.deepEqual(
      [others.length, span?.parent, span?.kind, span?.error],
      [0, "00f067aa0ba902b7", "server", ""],
    );
    assert.deepEqual(span?.attributes, {
      "http.request.method": "GET",
      "url.scheme": "http",
      "http.route": "/api/api.test",
      "http.response.status_code": 200,
    });
    await app.close();
  });

  it("that fail name it too, and are spans that failed by the name of the error", async () => {
    const { app, traces } = appOf(1);
    const urls = ["/api/auth.test", "/api/nonsense", "/confab.v1.Messaging/PostMessage", "/a/b"];
    for (const url of urls) {
      const { headers } = await app.inject({ method: "POST", url, headers: { authorization: "Bearer x" } });
      await traces.ended((span) => span.traceId === headers["x-trace-id"]);
    }
    assert.deepEqual(
      traces.spans().map(({ name, error }) => `${name}: ${error}`),
      [
        "POST /api/auth.test: invalid_auth",
        "POST /api/:method: unknown_method",
        "POST /confab.v1.Messaging/PostMessage: invalid_auth",
        "POST /:service/:method: unknown_method",
      ],
    );
    await app.close();
  });

  it("are logged with it when they break", async () => {
    const logged: object[] = [];
    const { app } = appOf(0, logged);
    const headers = { ...traceparent("00"), authorization: "Bearer x" };
    app.addHook("preHandler", async () => Promise.reject(new Error("a bug")));
    await app.inject({ method: "POST", url: "/api/api.test", headers });
    const [line] = logged as Record<string, unknown>[];
    assert.equal(line?.trace_id, traceId);
    await app.close();
  });

  it("of machines that look after the server are not traced", async () => {
    const { app, traces } = appOf(1);
    for (const url of ["/health/live", "/health/ready", "/metrics"]) await app.inject({ url });
    await app.inject({ url: "/api/api.test" });
    await traces.ended(({ name }) => name === "GET /api/api.test");
    assert.equal(traces.spans().length, 1);
    await app.close();
  });
});
