import assert from "node:assert/strict";
import { CharmStage } from "./charm-stage.js";

describe("Charm that begins", () => {
  it("says when it has been told of members and owners", async () => {
    const stage = new CharmStage();
    const charm = await stage.startCharm();
    assert.equal(charm.isWatching, false);
    await stage.clock.pass(0);
    assert.equal(charm.isWatching, true);
    await stage.close();
  });
});
