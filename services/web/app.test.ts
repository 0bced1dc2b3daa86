import assert from "node:assert/strict";
import type { FastifyInstance, InjectOptions } from "fastify";
import { ConfabError } from "../../lib/errors/errors.js";
import type { UserId, WorkspaceId } from "../../lib/ids/ids.js";
import { buildApp } from "./app.js";

const userId = "U000000000001" as UserId;
const workspaceId = "W000000000001" as WorkspaceId;
const token = "confab_good";
const ignore = () => {};

describe("the Web API", () => {
  let app: FastifyInstance;
  let ready = true;
  let failure: Error | undefined;
  let user: { name: string; displayName: string; bot: boolean; deactivated: boolean; creator: string };
  const logged: unknown[] = [];

  beforeEach(() => {
    failure = undefined;
    user = { name: "ada", displayName: "Ada", bot: false, deactivated: false, creator: "" };
    logged.length = 0;
    app = buildApp({
      authenticator: {
        async authenticate(text) {
          if (text !== token) throw new ConfabError("invalid_auth");
          return { userId, workspaceId, tokenId: "T1" };
        },
      },
      connectFlow: {
        async connect(caller, region) {
          if (failure) throw failure;
          return { url: `ws://${region}.test/`, ticket: `for ${caller.userId}`, ticketTtlMs: 60_000 };
        },
      },
      directory: {
        findUser: async (id) => ({ id, workspaceId, ...user }),
        findWorkspace: async (id) => ({ id, name: "Analytical Engines" }),
      },
      admin: { call: async () => new Uint8Array() },
      region: "eu",
      hosts: ["chat.example.com"],
      isReady: () => ready,
      log: { debug: ignore, info: ignore, warn: ignore, error: (...words) => logged.push(words) },
    });
  });
  afterEach(() => app.close());

  const bearer = { authorization: `Bearer ${token}` };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const json = { "content-type": "application/json" };

  async function ask(options: InjectOptions) {
    const response = await app.inject({ method: "POST", ...options });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  /** The error of an answer that must have Slack's status. */
  async function errorOf(options: InjectOptions): Promise<string> {
    const { status, body } = await ask(options);
    assert.equal(status, 200);
    assert.equal(body.ok, false);
    assert.ok(body.response_metadata.messages[0]);
    return body.error;
  }

  it("takes the token from the header, a form or JSON", async () => {
    const url = "/api/auth.test";
    for (const options of [
      { url, headers: bearer },
      { url, headers: bearer, method: "GET" as const },
      { url, headers: form, payload: `token=${token}` },
      { url, headers: json, payload: { token } },
    ]) {
      const { status, body } = await ask(options);
      const team = { team: "Analytical Engines", team_id: workspaceId };
      assert.deepEqual([status, body], [200, { ok: true, ...team, user: "ada", user_id: userId }]);
    }
    user.bot = true;
    assert.equal((await ask({ url, headers: bearer })).body.bot_id, userId);
  });

  it("refuses a token in the query string, even a good one beside a good header", async () => {
    for (const method of ["GET", "POST"] as const) {
      const url = `/api/auth.test?token=${token}`;
      assert.equal(await errorOf({ method, url, headers: bearer }), "invalid_arguments");
    }
  });

  it("answers nothing but api.test without a token or with a wrong one", async () => {
    for (const url of ["/api/auth.test", "/api/rtm.connect"]) {
      assert.equal(await errorOf({ url }), "not_authed");
      assert.equal(await errorOf({ url, headers: json, payload: { token: "" } }), "not_authed");
      assert.equal(await errorOf({ url, headers: { authorization: "Bearer wrong" } }), "invalid_auth");
      assert.equal(await errorOf({ url, headers: { authorization: `Basic ${token}` } }), "invalid_auth");
      assert.equal(await errorOf({ url, headers: json, payload: { token: "wrong" } }), "invalid_auth");
    }
  });

  it("connects a client to a gateway of its region", async () => {
    const { body, headers } = await ask({ url: "/api/rtm.connect", headers: bearer });
    assert.deepEqual(body, {
      ok: true,
      url: "ws://eu.test/",
      ticket: `for ${userId}`,
      ticket_ttl_ms: 60_000,
      self: { id: userId },
      team: { id: workspaceId },
    });
    assert.equal(headers["cache-control"], "no-store");
  });

  it("gives arguments back, but never the token", async () => {
    const { body } = await ask({ url: "/api/api.test?a=1", headers: json, payload: { b: [2], token } });
    assert.deepEqual(body, { ok: true, args: { a: "1", b: [2] } });
    const failed = await ask({
      url: "/api/api.test",
      headers: form,
      payload: "error=my_error&x=%F0%9F%8E%89",
    });
    assert.deepEqual(failed.body, { ok: false, error: "my_error", args: { error: "my_error", x: "🎉" } });
  });

  it("names what is wrong with a request", async () => {
    const url = "/api/api.test";
    assert.equal(await errorOf({ url: "/api/no.such" }), "unknown_method");
    assert.equal(await errorOf({ url: "/api/constructor", method: "GET" }), "unknown_method");
    for (const payload of ["{", "", "[1]", '"x"', '{"__proto__":{"a":1}}']) {
      assert.equal(await errorOf({ url, headers: json, payload }), "invalid_json", payload);
    }
    assert.equal(
      await errorOf({ url, headers: { "content-type": "text/plain" }, payload: "x" }),
      "invalid_arguments",
    );
    const large = { a: "x".repeat(1024 * 1024) };
    assert.equal(await errorOf({ url, headers: json, payload: large }), "invalid_arguments");
    assert.equal(await errorOf({ url, headers: json, payload: { error: 7 } }), "invalid_arguments");
    assert.deepEqual(logged, []);
  });

  it("answers 404 outside the API, and to other verbs", async () => {
    for (const [method, url] of [
      ["GET", "/"],
      ["PUT", "/api/api.test"],
      ["GET", "/api/%zz"],
      ["GET", `/api/${"x".repeat(500)}`],
    ] as const) {
      const { status, body } = await ask({ method, url });
      assert.deepEqual([status, body.error], [404, "unknown_method"]);
    }
  });

  it("tells callers to slow down as Slack does", async () => {
    failure = new ConfabError("overloaded", "", "later", 2500);
    const { status, headers, body } = await ask({ url: "/api/rtm.connect", headers: bearer });
    assert.deepEqual([status, headers["retry-after"], body.error], [429, "3", "ratelimited"]);
  });

  it("keeps to itself what broke inside, and logs it without the token", async () => {
    failure = new Error("the password is 1234");
    const { body } = await ask({ url: "/api/rtm.connect", headers: bearer });
    assert.equal(body.error, "internal_error");
    assert.doesNotMatch(JSON.stringify(body), /1234/);
    assert.equal(logged.length, 1);
    assert.doesNotMatch(JSON.stringify(logged), new RegExp(token));
  });

  it("answers only under its own names, but its health under any", async () => {
    const url = "/api/api.test";
    assert.equal((await ask({ url, headers: { host: "chat.example.com" } })).status, 200);
    assert.equal((await ask({ url, headers: { host: "evil.test" } })).status, 421);
    for (const path of ["/health/live", "/health/ready"]) {
      assert.equal((await ask({ method: "GET", url: path, headers: { host: "10.0.0.7" } })).status, 200);
    }
  });

  it("is ready only while it can answer", async () => {
    ready = false;
    assert.equal((await ask({ method: "GET", url: "/health/ready" })).status, 503);
    assert.equal((await ask({ method: "GET", url: "/health/live" })).status, 200);
    ready = true;
    assert.equal((await ask({ method: "GET", url: "/health/ready" })).status, 200);
  });
});
