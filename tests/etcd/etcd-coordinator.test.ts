import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../lib/clock/system-clock.js";
import { coordinationSuite } from "../../lib/coordination/coordination-suite.js";
import { electionSuite } from "../../lib/coordination/election-suite.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
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
  coordinationSuite("etcd", open);
  electionSuite("etcd", open);
});
