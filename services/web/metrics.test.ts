import assert from "node:assert/strict";
import type { FastifyInstance } from "fastify";
import { ConfabError } from "../../lib/errors/errors.js";
import { buildApp } from "./app.js";

describe("the metrics of the web service", () => {
  let app: FastifyInstance;

  beforeEach(() => {
    const ignore = () => {};
    const refuse = async () => {
      throw new ConfabError("unavailable");
    };
    app = buildApp({
      authenticator: { authenticate: refuse },
      connectFlow: { connect: refuse },
      directory: { findUser: refuse, findWorkspace: refuse },
      ...{ region: "", hosts: ["chat.example.com"], isReady: () => true },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      metrics: async () => "confab_x 1\n",
    });
  });
  afterEach(() => app.close());

  it("are shown to its own machine under its own name only", async () => {
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
});
