import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Etcd3 } from "etcd3";
import { z } from "zod";
import { systemClock } from "../../lib/clock/system-clock.js";
import { readConfig } from "../../lib/config/config.js";
import { coordinatorVariables } from "../../lib/coordination/config.js";
import { openCoordinator } from "../../lib/coordination/open-coordinator.js";
import { EtcdServer } from "../../tools/components/etcd/server.js";
import { dataFolder, needsEtcd } from "./etcd-stage.js";

const schema = z.object(coordinatorVariables);
const parts = {
  ...{ clock: systemClock, random: Math.random },
  log: { debug() {}, info() {}, warn() {}, error() {} },
};

describe("an etcd that asks for a user, over TLS", function () {
  this.timeout(40_000);
  needsEtcd();
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let server: EtcdServer;
  before(async () => {
    folder = await dataFolder();
    server = await EtcdServer.alone(folder.path, { tls: true });
    await server.start();
    const credentials = { rootCertificate: await readFile(server.certificate) };
    const raw = new Etcd3({ hosts: server.url, credentials });
    const root = await raw.user("root").create("secret");
    await root.addRole(
      await raw
        .role("root")
        .create()
        .catch(() => "root"),
    );
    await raw.user("guest").create("secret");
    await raw.auth.authEnable();
    raw.close();
  });
  after(async () => {
    await server?.stop();
    await folder?.remove();
  });

  const open = (variables: Record<string, string>) =>
    openCoordinator(
      readConfig(schema, {
        CONFAB_COORDINATOR: "etcd",
        CONFAB_ETCD_ENDPOINTS: server.url,
        CONFAB_ETCD_CA: server.certificate,
        CONFAB_ETCD_USER: "root",
        CONFAB_ETCD_PASSWORD: "secret",
        ...variables,
      }),
      parts,
    );

  it("takes reads, writes, leases and watches of who may", async () => {
    const coordinator = await open({});
    const lease = await coordinator.grantLease(5000);
    const heard = new Promise((resolve) => {
      coordinator.watch("a", {
        snapshot: () => void coordinator.transact({ put: [{ key: "a", value: "1", lease }] }),
        changed: (puts) => resolve(puts[0]?.value),
      });
    });
    assert.equal(await heard, "1");
    await lease.keepAlive();
    await lease.revoke();
    assert.deepEqual(await coordinator.read("a"), []);
    await coordinator.close();
  });

  it("refuses by name a wrong password, a user without rights and none", async () => {
    const refused = { code: "unavailable", message: /cannot use etcd at .*: etcd refuses us: / };
    await assert.rejects(open({ CONFAB_ETCD_PASSWORD: "wrong" }), refused);
    await assert.rejects(open({ CONFAB_ETCD_USER: "guest" }), refused);
    await assert.rejects(open({ CONFAB_ETCD_USER: "", CONFAB_ETCD_PASSWORD: "" }), /cannot use etcd at/);
  });

  it("is not taken for itself without its certificate, which must be readable", async () => {
    await assert.rejects(open({ CONFAB_ETCD_CA: "" }), /cannot use etcd at .*certificate/);
    const missing = `${folder.path}/none.pem`;
    await assert.rejects(open({ CONFAB_ETCD_CA: missing }), /CONFAB_ETCD_CA: cannot be read \(ENOENT\)/);
  });
});
