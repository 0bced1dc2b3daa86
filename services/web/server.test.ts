import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { readConfig } from "../../lib/config/config.js";
import { variablesOf } from "../../lib/config/variables.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { webConfigSchema } from "./config.js";
import { createWeb, type Web } from "./server.js";

const ignore = () => {};

function create(clock: ManualClock): Web {
  const refuse = async () => {
    throw new ConfabError("unavailable");
  };
  return createWeb({
    clock,
    authenticator: { authenticate: refuse },
    connectFlow: { connect: refuse },
    admin: { call: refuse },
    directory: { findUser: refuse, findWorkspace: refuse },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    region: "",
    hosts: [],
    isReady: () => true,
  });
}

describe("the web service", () => {
  const clock = new ManualClock();

  it("listens on a port of the system's choice until it is closed, which can be twice", async () => {
    const web = create(clock);
    const port = await web.listen("127.0.0.1:0");
    const url = `http://127.0.0.1:${port}/health/ready`;
    assert.equal((await fetch(url)).status, 200);
    await Promise.all([web.close(), web.close()]);
    await assert.rejects(fetch(url));
  });

  it("can be closed before it listens", () => create(clock).close());

  it("refuses an address that is none", async () => {
    const web = create(clock);
    await assert.rejects(web.listen("nowhere"), { code: "invalid_argument", field: "address" });
    await web.close();
  });

  it("has a configuration that is described and needs little", () => {
    const env = { CONFAB_HOSTS: "chat.example.com", CONFAB_TICKET_KEY: "key.json" };
    const { address, hosts, region, adminAddresses } = readConfig(webConfigSchema, env);
    assert.deepEqual(
      [address, hosts, region, adminAddresses],
      ["127.0.0.1:8080", ["chat.example.com"], "", ["127.0.0.1:50051"]],
    );
    for (const { name, description } of variablesOf(webConfigSchema, [])) assert.ok(description, name);
  });
});
