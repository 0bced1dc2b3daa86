import assert from "node:assert/strict";
import type { Client } from "cassandra-driver";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { systemClock } from "../../clock/system-clock.js";
import { appendOf, newChannel, readAll } from "../suite/samples.js";
import { createClient } from "./client.js";
import { FakeClient } from "./fake-client.js";
import { checkedKeyspace, createKeyspace, createTable } from "./keyspace.js";
import { checkVersion, migrate } from "./migrate.js";
import { migrations } from "./migrations.js";
import { openCassandraStore } from "./open-cassandra-store.js";
import { UnsafeSettings } from "./safety.js";
import { newKeyspace, openOn, optionsOn } from "./test-store.js";

const versions = migrations.map((_, at) => at + 1);

describe("statements that make a keyspace", () => {
  const table = { name: "log", columns: "id text PRIMARY KEY" };

  it("have the replication of each data centre, or one for all", () => {
    assert.equal(
      createKeyspace("confab", { replicas: 3 }),
      "CREATE KEYSPACE IF NOT EXISTS confab WITH replication = " +
        "{'class': 'SimpleStrategy', 'replication_factor': '3'}",
    );
    assert.match(
      createKeyspace("confab", { byDatacenter: { "eu-1": 3, "it's": 2 } }),
      /'class': 'NetworkTopologyStrategy', 'eu-1': '3', 'it''s': '2'/,
    );
  });

  it("give a table the same id each time, and another one in another keyspace", () => {
    const idOf = (keyspace: string, name: string) =>
      /ID = '([0-9a-f-]{36})'/.exec(createTable(keyspace, { ...table, name }, true))?.[1];
    assert.equal(idOf("confab", "log"), idOf("confab", "log"));
    assert.notEqual(idOf("confab", "log"), idOf("other", "log"));
    assert.notEqual(idOf("confab", "log"), idOf("confab", "users"));
  });

  it("ask for blocking read repair where tables have it", () => {
    assert.match(createTable("confab", table, true), /AND read_repair = 'BLOCKING'/);
    assert.doesNotMatch(createTable("confab", table, false), /read_repair/);
  });

  it("take a name that needs no quotes only", () => {
    assert.equal(checkedKeyspace("confab_2"), "confab_2");
    for (const name of ["", "Confab", "2confab", "a-b", "a; DROP", "a".repeat(49)]) {
      assert.throws(() => checkedKeyspace(name), /named by/, name);
    }
  });
});

describe("the schema in Cassandra", () => {
  const server = sharedCassandra();
  const clients: Client[] = [];
  const newClient = () => {
    const client = createClient({ ...optionsOn(server()) });
    clients.push(client);
    return client;
  };
  const migration = (keyspace: string) => ({
    ...{ client: newClient(), keyspace, datacenter: "datacenter1", replication: { replicas: 1 } },
    ...{ clock: systemClock, random: Math.random },
  });
  after(() => Promise.all(clients.map((client) => client.shutdown())));

  it("is made once, is left alone the second time, and keeps what is in it", async () => {
    const keyspace = newKeyspace();
    assert.deepEqual(await migrate(migration(keyspace)), versions);
    const store = await openOn(server(), { keyspace });
    const append = appendOf(newChannel(), 1, 3);
    await store.append("one", append);
    assert.deepEqual(await migrate(migration(keyspace)), []);
    assert.deepEqual(await readAll(store, append.channel), append.rows);
    await store.close();
  });

  it("is made from two places at once, and is one", async () => {
    const keyspace = newKeyspace();
    const added = await Promise.all([1, 2].map(() => migrate(migration(keyspace))));
    assert.deepEqual(added.flat(), versions);
    const [one, two] = await Promise.all([1, 2].map(() => openOn(server(), { keyspace })));
    const append = appendOf(newChannel(), 1, 3);
    await one!.append("one", append);
    assert.deepEqual(await readAll(two!, append.channel), append.rows);
    await Promise.all([one!.close(), two!.close()]);
  });

  it("is named when it is missing, older or newer", async () => {
    const keyspace = newKeyspace();
    const options = optionsOn(server(), { keyspace });
    await assert.rejects(openCassandraStore({ ...options, migrate: undefined }), /no tables of Confab: run/);
    const client = newClient();
    await migrate(migration(keyspace));
    const put = `INSERT INTO ${keyspace}.schema_versions (version) VALUES (?)`;
    await client.execute(put, [versions.length + 1]);
    await assert.rejects(checkVersion(client, keyspace), /newer than/);
    await assert.rejects(openCassandraStore(options), /newer than/);
  });

  it("is not held to be missing because it cannot be read", async () => {
    const client = new FakeClient(() => {
      throw new Error("no answer came");
    });
    await assert.rejects(checkVersion(client.driver, "confab"), /no answer came/);
  });

  it("is refused with settings that lose acknowledged rows, each named, unless told", async () => {
    const keyspace = newKeyspace();
    const options = optionsOn(server(), { keyspace });
    await migrate(migration(keyspace));
    await newClient().execute(`ALTER TABLE ${keyspace}.fenced WITH read_repair = 'NONE'`);
    await assert.rejects(openCassandraStore({ ...options, allowDataLoss: false }), (error) => {
      assert.ok(error instanceof UnsafeSettings);
      assert.equal(error.faults.length, 2, error.message);
      assert.match(error.faults[0]!, /has 1 replica in datacenter1, not 2/);
      assert.match(error.faults[1]!, /the table fenced has read_repair NONE, not BLOCKING/);
      return true;
    });
    await (await openCassandraStore(options)).close();
  });
}).timeout(120_000);
