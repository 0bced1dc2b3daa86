import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { observed } from "./edge-cases.js";
import type { Refusal } from "./refusal.js";
import { Witness } from "./witness.js";

describe("who refused what comes to Envoy", () => {
  const passedOn: Record<string, number> = { web: 3, admin: 0, gatewaySockets: 9, gatewayStreams: 0 };
  let server: Server;
  let witness: Witness;

  before(async () => {
    server = createServer((_request, response) => {
      const stats = Object.entries(passedOn).map(([name, value]) => ({
        name: `cluster.${name}.upstream_rq_total`,
        value,
      }));
      response.end(JSON.stringify({ stats }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    witness = new Witness(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  after(() => server.close());

  const seen = async (run: () => Promise<string | undefined>) => {
    const found: Refusal[] = [];
    for await (const refusal of observed([{ name: "x", run }], witness)) found.push(refusal);
    return found.map(({ refusedBy, code }) => `${refusedBy} ${code}`).join();
  };
  const passing = (cluster: string, code: string | undefined) => async () => {
    passedOn[cluster]!++;
    return code;
  };

  it("is the service that got it, or Envoy where none did, or nobody where it was let in", async () => {
    assert.equal(await seen(passing("gatewaySockets", "401")), "gateway 401");
    assert.equal(await seen(passing("gatewayStreams", "401")), "gateway 401");
    assert.equal(await seen(passing("admin", "rate_limited")), "admin rate_limited");
    assert.equal(await seen(async () => "431"), "envoy 431");
    assert.equal(await seen(passing("web", undefined)), "nobody none");
  });

  it("is not guessed where Envoy does not count", async () => {
    delete passedOn.admin;
    await assert.rejects(
      seen(async () => "431"),
      /does not count/,
    );
  });
});
