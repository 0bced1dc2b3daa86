import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../lib/clock/system-clock.js";
import { coordinationSuite } from "../../lib/coordination/coordination-suite.js";
import { transactionOpsMax } from "../../lib/coordination/coordinator.js";
import { electionSuite } from "../../lib/coordination/election-suite.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { freePort } from "../../tools/testing/free-ports.js";
import { dataFolder, needsEtcd, openEtcd } from "./etcd-stage.js";

describe("EtcdCoordinator", function () {
  this.timeout(40_000);
  needsEtcd();
  let server: EtcdServer;
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  before(async () => {
    folder = await dataFolder();
    server = await EtcdServer.alone(folder.path);
    await server.start();
  });
  after(async () => {
    await server?.stop();
    await folder?.remove();
  });

  const open = async () => ({
    clock: systemClock,
    coordinator: openEtcd([server.url]),
    advance: (ms: number) => wait(ms),
  });
  it("writes through another member when nobody is there at the first", async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const coordinator = openEtcd([nobody, server.url], {}, { random: () => 0 });
    assert(await coordinator.transact({ put: [{ key: "a", value: "1" }] }));
    await coordinator.close();
  });

  it("reads more than one page holds, all at one revision", async () => {
    const coordinator = openEtcd([server.url]);
    const keys = Array.from({ length: 2500 }, (_, i) => `k/${String(i).padStart(4, "0")}`);
    for (let from = 0; from < keys.length; from += transactionOpsMax) {
      const some = keys.slice(from, from + transactionOpsMax);
      await coordinator.transact({ put: some.map((key) => ({ key, value: "" })) });
    }
    const entries = await coordinator.read("k/");
    assert.deepEqual(
      entries.map(({ key }) => key),
      keys,
    );
    await coordinator.close();
  });

  it("takes no lease that lasts no time, or for more than a day", async () => {
    const coordinator = openEtcd([server.url]);
    for (const ttlMs of [0, -1, Number.NaN, 25 * 3600 * 1000]) {
      await assert.rejects(coordinator.grantLease(ttlMs), { code: "invalid_argument" });
    }
    await coordinator.close();
  });

  coordinationSuite("etcd", open);
  electionSuite("etcd", open);
});
