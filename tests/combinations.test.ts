import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coordinators } from "../lib/coordination/config.js";
import { migrateKeyspace } from "../lib/store/cassandra/open-cassandra-store.js";
import { stores } from "../lib/store/config.js";
import { connect, createChannels, readLog } from "../tools/checks/api.js";
import { LocalServer } from "../tools/checks/local-server.js";
import { localDatacenter } from "../tools/components/cassandra/server.js";
import { EtcdServer } from "../tools/components/etcd/server.js";
import { sharedCassandra } from "./cassandra.js";
import { needsEtcd } from "./etcd/etcd-stage.js";

const keyspace = "combinations";

describe("the server", function () {
  this.timeout(120_000);
  needsEtcd();
  const cassandra = sharedCassandra();
  let folder: string;
  let etcd: EtcdServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "confab-combinations-"));
    etcd = await EtcdServer.alone(folder);
    await etcd.start();
    const { contactPoints } = cassandra();
    await migrateKeyspace({ contactPoints, localDatacenter, keyspace }, { replicas: 1 });
  });
  after(async () => {
    await etcd?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  for (const store of stores) {
    for (const coordinator of coordinators) {
      it(`keeps messages in ${store} while ${coordinator} coordinates, over a restart`, async () => {
        const name = `${store}-${coordinator}`;
        const args = ["--store", store, "--coordinator", coordinator];
        const server = new LocalServer(join(folder, name), args, [], variablesFor(name));
        try {
          const first = connect(await server.start());
          const [channelId = ""] = await createChannels(first, 1, { prefix: name });
          const posted = await first.messaging.postMessage({
            channelId,
            message: { text: name, clientMsgId: "1", parentId: 0, broadcast: false },
            firstAttempt: true,
          });
          first.close();
          await server.kill();
          const second = connect(await server.start());
          const events = await readLog(second, channelId);
          second.close();
          const { seq, id, kind } = events.at(-1)!;
          assert.deepEqual({ seq, id }, posted.position);
          assert.equal(kind?.$case === "messagePosted" && kind.value.text, name);
        } finally {
          await server.close();
        }
      });
    }
  }

  it("says why it does not use a Cassandra in which messages could be lost", async () => {
    const variables = { ...variablesFor("refused"), CONFAB_CASSANDRA_ALLOW_DATA_LOSS: "false" };
    const server = new LocalServer(join(folder, "refused"), ["--store", "cassandra"], [], variables);
    await assert.rejects(server.start(), /cannot use Cassandra at .*could be lost.*1 replica/);
    await server.close();
  });

  function variablesFor(name: string): Record<string, string> {
    const points = cassandra().contactPoints.map(({ host, port }) => `${host}:${port}`);
    return {
      CONFAB_ETCD_ENDPOINTS: etcd.url,
      CONFAB_ETCD_PREFIX: `${name}/`,
      CONFAB_CASSANDRA_CONTACT_POINTS: points.join(","),
      CONFAB_CASSANDRA_KEYSPACE: keyspace,
      CONFAB_CASSANDRA_ALLOW_DATA_LOSS: "true",
    };
  }
});
