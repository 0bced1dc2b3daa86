import assert from "node:assert/strict";
import type { Client } from "cassandra-driver";
import { unsafeSettings } from "./safety.js";

type Rows = readonly Record<string, unknown>[];

/** A cluster of one node that answers what the test says, by table; the others it does not have. */
function clusterOf(tables: Readonly<Record<string, Rows>>): Client {
  const host = { address: "10.0.0.1:9042", datacenter: "here", isUp: () => true };
  const execute = async (query: string) => {
    const rows = tables[/FROM (\S+)/.exec(query)?.[1] ?? ""];
    if (!rows) throw new Error("unconfigured table");
    return { rows };
  };
  return { execute, hosts: { values: () => [host] } } as unknown as Client;
}

const byCentre = { class: "org.apache.cassandra.locator.NetworkTopologyStrategy", here: "3", there: "1" };
const safe = {
  "system_schema.keyspaces": [{ replication: byCentre }],
  "system_schema.tables": [{ table_name: "log", read_repair: "BLOCKING" }],
  "system_views.settings": [{ value: "batch" }],
};
const faultsOf = (tables: Readonly<Record<string, Rows>>, datacenter = "here") =>
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
    assert.deepEqual(await faultsOf(tables), []);
  });

  it("are looked at for the data centre that is spoken to, and for own tables only", async () => {
    const there = await faultsOf(safe, "there");
    assert.deepEqual(there, ["the keyspace confab has 1 replica in there, not 2 or more"]);
    await assert.rejects(faultsOf(safe, "nowhere"), /no replicas in nowhere/);
    const tables = [
      { table_name: "theirs", read_repair: "NONE" },
      { table_name: "members", read_repair: "NONE" },
    ];
    const faults = await faultsOf({ ...safe, "system_schema.tables": tables });
    assert.deepEqual(faults, ["the table members has read_repair NONE, not BLOCKING"]);
  });
});
