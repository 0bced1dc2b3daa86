import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { scenarios } from "./all.js";

const worker = fileURLToPath(new URL("./scenario-worker.js", import.meta.url));

describe("owners in a row", function () {
  this.timeout(60_000);

  for (const { name, without, run } of scenarios) {
    it(name, run);

    it(`that breaks with the deliberate bug ${without}`, async () => {
      const child = fork(worker, [name, without]);
      const exit = once(child, "exit");
      const [broken] = await Promise.race([once(child, "message"), exit.then(() => ["it crashed"])]);
      await exit;
      assert.match(String(broken), /AssertionError/);
    });
  }
});
