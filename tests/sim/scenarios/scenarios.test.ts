import assert from "node:assert/strict";
import { scenarios } from "./all.js";
import { runScenario } from "./run-scenario.js";

describe("owners in a row", function () {
  this.timeout(60_000);

  for (const { name, without, run } of scenarios) {
    it(name, run);

    it(`that breaks with the deliberate bug ${without}`, async () => {
      assert.match(await runScenario(name, without), /AssertionError/);
    });
  }
});
