import assert from "node:assert/strict";
import { readConfig } from "../../../lib/config/config.js";
import { variablesOf } from "../../../lib/config/variables.js";
import { adminConfigSchema } from "../config.js";
import { ada, home, TestAdmin } from "./test-admin.js";

describe("realtime and configuration of the admin service", () => {
  let admin: TestAdmin;

  beforeEach(async () => {
    admin = new TestAdmin();
    await admin.start();
  });
  afterEach(() => admin.stop());

  it("connects callers to gateways", async () => {
    const { realtime, presence } = await admin.connect(ada);
    assert.deepEqual(await realtime.connect({ region: "eu" }), {
      ...{ url: "ws://eu", ticket: "t", ticketTtlMs: 60_000, userId: ada, workspaceId: home },
    });
    const long = realtime.connect({ region: "x".repeat(65) });
    await assert.rejects(long, { code: "invalid_argument", field: "region" });
    await assert.rejects(presence.getPresence({ userIds: [] }), { code: "not_implemented" });
  });

  it("has a configuration that is described and needs the ticket key only", () => {
    const { address } = readConfig(adminConfigSchema, { CONFAB_TICKET_KEY: "key.json" });
    assert.equal(address, "127.0.0.1:50051");
    assert.throws(() => readConfig(adminConfigSchema, {}), /CONFAB_TICKET_KEY: is required/);
    for (const { name, description } of variablesOf(adminConfigSchema, [])) assert.ok(description, name);
  });
});
