import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "../../../tests/needs.js";
import { freePorts } from "../../testing/free-ports.js";
import { catalogue } from "../catalogue.js";
import { findComponent, howToGet } from "../find.js";
import { componentNames } from "../lock.js";
import { readRunning } from "../running/process-state.js";
import { start } from "../running/start.js";
import { stop } from "../running/stop.js";

/** Cassandra takes its time. */
const startMsMax = 180_000;

for (const name of componentNames.filter((one) => catalogue[one].server)) {
  describe(`${name} as a component`, function () {
    this.timeout(startMsMax);
    needs(name, howToGet(name), () => findComponent(name) !== undefined);
    let data: string;
    const before = process.env.XDG_DATA_HOME;
    beforeEach(() => {
      data = mkdtempSync(join(tmpdir(), "confab-component-"));
      process.env.XDG_DATA_HOME = data;
    });
    afterEach(async () => {
      await stop(name);
      if (before === undefined) delete process.env.XDG_DATA_HOME;
      else process.env.XDG_DATA_HOME = before;
      rmSync(data, { recursive: true, force: true });
    });

    it("is started once, is seen to run, and is stopped", async () => {
      const port = await freePorts(5);
      const [first] = await start(name, { members: 1, port });
      assert.deepEqual(
        readRunning(name).map(({ pid }) => pid),
        [first?.pid],
      );
      await assert.rejects(start(name, { members: 1, port }), /runs already/);
      const ended = await stop(name);
      assert.deepEqual(
        ended.map(({ pid }) => pid),
        [first?.pid],
      );
      assert.deepEqual(readRunning(name), []);
      assert.deepEqual(await stop(name), []);
    });
  });
}

describe("what cannot be started", () => {
  it("leaves no process and no note of one behind", async function () {
    this.timeout(startMsMax);
    if (findComponent("etcd") === undefined) return this.skip();
    const data = mkdtempSync(join(tmpdir(), "confab-component-"));
    const before = process.env.XDG_DATA_HOME;
    process.env.XDG_DATA_HOME = data;
    try {
      // Somebody else is there, so that it ends at once.
      const port = await freePorts(1);
      const taken = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
      await once(taken, "listening");
      await assert.rejects(start("etcd", { members: 1, port }), /etcd ended at once/);
      assert.deepEqual(readRunning("etcd"), []);
      taken.close();
    } finally {
      if (before === undefined) delete process.env.XDG_DATA_HOME;
      else process.env.XDG_DATA_HOME = before;
      rmSync(data, { recursive: true, force: true });
    }
  });

  it("is told with the reason", async () => {
    await assert.rejects(start("grpcurl", { members: 1 }), /not a server/);
  });
});
