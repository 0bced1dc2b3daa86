import { setTimeout as wait } from "node:timers/promises";
import { coordinationSuite } from "../../lib/coordination/coordination-suite.js";
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

  coordinationSuite("etcd", async () => ({
    coordinator: openEtcd([server.url]),
    advance: (ms) => wait(ms),
  }));
});
