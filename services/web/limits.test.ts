import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import type { UserId, WorkspaceId } from "../../lib/ids/ids.js";
import { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import { buildApp } from "./app.js";

const caller = {
  userId: "U000000000001" as UserId,
  workspaceId: "W000000000001" as WorkspaceId,
  tokenId: "T1",
};

describe("the web service under observation", () => {
  const calls: [string, string][] = [];
  let now = 0;
  let app: FastifyInstance;

  beforeEach(() => {
    calls.length = 0;
    now = 0;
    const ignore = () => {};
    const rate = { perSecond: 0.5, burst: 2 };
    const limits = new CallerLimits({ user: rate, token: rate, userConnects: rate }, { now: () => now });
    app = buildApp({
      authenticator: { authenticate: async () => caller },
      connectFlow: { connect: async () => ({ url: "ws://x", ticket: "t", ticketTtlMs: 1 }) },
      directory: { findUser: async () => undefined, findWorkspace: async () => undefined },
      ...{ region: "", hosts: ["chat.example.com"], isReady: () => true, limits },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      apiMeter: { called: (method, code) => void calls.push([method, code]) },
      metrics: async () => "confab_x 1\n",
      admin: { call: async () => new Uint8Array() },
    });
  });
  afterEach(() => app.close());

  const connect = async () => {
    const url = "/api/rtm.connect";
    return app.inject({ method: "POST", url, headers: { authorization: "Bearer t" } });
  };

  it("answers a call too many by 429 and whole seconds to wait", async () => {
    for (let i = 0; i < 2; i++) assert.equal((await connect()).statusCode, 200);
    now = 500;
    const refused = await connect();
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.headers["retry-after"], "2");
    assert.equal(refused.json().error, "ratelimited");
    assert.equal((await app.inject("/api/api.test")).json().ok, true);
    now = 2000;
    assert.equal((await connect()).json().ok, true);
  });

  it("measures the methods that there are, and no others", async () => {
    for (let i = 0; i < 3; i++) await connect();
    await app.inject("/api/no.such");
    const connects = ["ok", "ok", "rate_limited"].map((code) => ["rtm.connect", code]);
    assert.deepEqual(calls, connects);
  });

  it("shows metrics to its own machine under its own name only", async () => {
    const status = async (remoteAddress: string, host: string) =>
      (await app.inject({ url: "/metrics", remoteAddress, headers: { host } })).statusCode;
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      assert.equal(await status(address, "localhost:80"), 200, address);
    }
    for (const address of ["10.0.0.1", "::ffff:10.127.0.1", "fe80::1", "1127.0.0.1"]) {
      assert.equal(await status(address, "localhost:80"), 404, address);
    }
    for (const host of ["chat.example.com", "evil.example"]) {
      assert.equal(await status("127.0.0.1", host), 404, host);
    }
    const answer = await app.inject({ url: "/metrics", headers: { host: "localhost" } });
    assert.equal(answer.body, "confab_x 1\n");
    assert.match(String(answer.headers["content-type"]), /^text\/plain; version=0\.0\.4/);
  });

  it("answers a body over the limit on a connection that stays for what is still to come", async () => {
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = (body: string) =>
      new Promise<{ error: unknown; port: unknown }>((resolve, reject) => {
        const headers = { "content-type": "application/json", "content-length": body.length };
        const sent = request(`${url}/api/api.test`, { method: "POST", headers, agent }, async (answer) => {
          const port = sent.socket?.localPort;
          const { error } = JSON.parse(await text(answer)) as { error?: string };
          resolve({ error, port });
        });
        sent.on("error", reject).end(body);
      });
    const { error, port } = await post("x".repeat(4_000_000));
    assert.equal(error, "invalid_arguments");
    assert.deepEqual(await post("{}"), { error: undefined, port });
    agent.destroy();
  });
});
