import assert from "node:assert/strict";
import { type Client, errors, types } from "cassandra-driver";
import { invalid } from "./fake-client.js";
import { unsafeSettings } from "./safety.js";

type Rows = readonly Record<string, unknown>[];

/** A cluster of one node that answers what the test says, by table; the others it does not have. */
function clusterOf(tables: Readonly<Record<string, Rows | Error>>): Client {
  const host = { address: "10.0.0.1:9042", datacenter: "here", isUp: () => true };
  const execute = async (query: string) => {
    const rows = tables[/FROM (\S+)/.exec(query)?.[1] ?? ""];
    if (!rows) throw invalid("table of this name does not exist");
    if (rows instanceof Error) throw rows;
    return { rows };
  };
  return { execute, hosts: { values: () => [host] } } as unknown as Client;
}

const byCentre = { class: "org.apache.cassandra.locator.NetworkTopologyStrategy", here: "3", there: "1" };
const safe = {
  "system_schema.keyspaces": [{ replication: byCentre, durable_writes: true }],
  "confab.home": [{ datacenter: "here" }],
  "system_schema.tables": [{ table_name: "log", read_repair: "BLOCKING" }],
  "system_views.settings": [{ value: "batch" }],
};
const faultsOf = (tables: Readonly<Record<string, Rows | Error>>, datacenter = "here") =>
  unsafeSettings(clusterOf(tables), "confab", datacenter);

describe("the settings of a cluster", () => {
  it("are safe with replicas, read repair and a commit log that is synced first", async () => {
    assert.deepEqual(await faultsOf(safe), []);
    assert.deepEqual(await faultsOf({ ...safe, "system_views.settings": [{ value: "group" }] }), []);
  });

  it("are not with a commit log that is synced later", async () => {
    const [fault] = await faultsOf({ ...safe, "system_views.settings": [{ value: "periodic" }] });
    assert.equal(fault, "the node 10.0.0.1:9042 has commitlog_sync periodic, not batch or group");
  });

  it("are read where ScyllaDB has them", async () => {
    const { "system_views.settings": _, ...rest } = safe;
    const tables = { ...rest, "system_schema.tables": [{ table_name: "log" }] };
    assert.deepEqual(await faultsOf({ ...tables, "system.config": [{ value: '"batch"' }] }), []);
    assert.equal((await faultsOf({ ...tables, "system.config": [{ value: '"periodic"' }] })).length, 1);
  });

  it("are not safe where a node that has them does not tell", async () => {
    const unauthorized = new errors.ResponseError(types.responseErrorCodes.unauthorized, "not for you");
    const answers = [[], unauthorized, new errors.OperationTimedOutError("no answer"), invalid("no column")];
    for (const answer of answers) {
      const faults = await faultsOf({ ...safe, "system_views.settings": answer });
      assert.equal(faults.length, 1, `${answer}`);
      assert.match(faults[0]!, /^the node 10\.0\.0\.1:9042 does not tell its commitlog_sync/);
    }
  });

  // A node without any table of settings has nothing that it could tell.
  for (const message of ["unconfigured table config", "keyspace system_views does not exist"]) {
    it(`are taken as they are where no node has a table of them: ${message}`, async () => {
      const absent = invalid(message);
      const tables = { ...safe, "system_views.settings": absent, "system.config": absent };
      assert.deepEqual(await faultsOf(tables), []);
    });
  }

  it("are not safe when rows of the keyspace bypass the commit log", async () => {
    const keyspaces = [{ replication: byCentre, durable_writes: false }];
    const faults = await faultsOf({ ...safe, "system_schema.keyspaces": keyspaces });
    assert.deepEqual(faults, [
      "the keyspace confab has durable_writes false: its rows bypass the commit log",
    ]);
  });

  it("are looked at for the data centre that is spoken to, and for own tables only", async () => {
    const there = await faultsOf(safe, "there");
    assert.deepEqual(there, [
      "the keyspace confab has 1 replica in there, not 2 or more",
      "the keyspace confab is at home in here, not in there",
    ]);
    await assert.rejects(faultsOf(safe, "nowhere"), /no replicas in nowhere/);
    const tables = [
      { table_name: "theirs", read_repair: "NONE" },
      { table_name: "members", read_repair: "NONE" },
    ];
    const faults = await faultsOf({ ...safe, "system_schema.tables": tables });
    assert.deepEqual(faults, ["the table members has read_repair NONE, not BLOCKING"]);
  });
});
