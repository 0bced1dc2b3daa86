import assert from "node:assert/strict";
import { z } from "zod";
import { readConfig } from "../config/config.js";
import { programVariables } from "./config.js";
import { Host } from "./host.js";

const config = { ...readConfig(z.object(programVariables(1)), {}), identity: undefined };

describe("the host of a service", () => {
  it("closes parts in the reverse order of their making, and those that come too late at once", async () => {
    const closed: string[] = [];
    const part = (name: string) => ({ close: async () => void closed.push(name) });
    const host = new Host({ ...config, logLevel: "error" }, { service: "charm" });
    host.closeLater(part("first"));
    host.closeLater(part("second"));
    await Promise.all([host.close(), host.close()]);
    assert.deepEqual(closed, ["second", "first"]);
    assert.throws(() => host.closeLater(part("late")), { code: "unavailable" });
    await host.close();
    assert.deepEqual(closed, ["second", "first", "late"]);
  });

  it("measures the process, without saying which of several it is", async () => {
    const host = new Host(config, { service: "charm" });
    const text = await host.metrics.text();
    assert.match(text, /^process_resident_memory_bytes \d+|^confab_\w*resident\w* \d+/m);
    assert.doesNotMatch(text, /server=/);
    await host.close();
  });
});
