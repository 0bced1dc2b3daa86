import type { Client, Host } from "cassandra-driver";
import { homeFaults } from "./home.js";
import { migrations } from "./migrations.js";
import { isNoSuchTable } from "./outcome.js";

/** Below, the loss of one disk loses what it alone had. */
const replicasMin = 2;

/** Settings of a cluster by which acknowledged rows can be lost. */
export class UnsafeSettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`acknowledged messages could be lost (allowDataLoss takes that): ${faults.join("; ")}`);
    this.name = "UnsafeSettings";
  }
}

/**
 * Tells by which settings rows that were acknowledged can be lost. What a cluster does not have is not looked
 * at: tables of ScyllaDB have no read repair, for it repairs what it reads at a quorum anyway, and a node
 * without any table of settings is taken as it is. What it has and does not tell is a fault.
 */
export async function unsafeSettings(
  client: Client,
  keyspace: string,
  datacenter: string,
): Promise<string[]> {
  const faults = [
    await keyspaceFaults(client, keyspace, datacenter),
    await homeFaults(client, keyspace, datacenter),
    repairFaults(await readRepairs(client, keyspace)),
    ...(await Promise.all(localHosts(client, datacenter).map((host) => commitLogFaults(client, host)))),
  ];
  return faults.flat();
}

async function keyspaceFaults(client: Client, keyspace: string, datacenter: string): Promise<string[]> {
  const query = "SELECT replication, durable_writes FROM system_schema.keyspaces WHERE keyspace_name = ?";
  const { rows } = await client.execute(query, [keyspace]);
  const replicas = replicasOf((rows[0]?.replication ?? {}) as Record<string, string>, datacenter);
  const isDurable = rows[0]?.durable_writes !== false;
  const bypass = `the keyspace ${keyspace} has durable_writes false: its rows bypass the commit log`;
  return [...replicaFaults(replicas, keyspace, datacenter), ...(isDurable ? [] : [bypass])];
}

function replicaFaults(replicas: number, keyspace: string, datacenter: string): string[] {
  if (replicas === 0) throw new Error(`the keyspace ${keyspace} has no replicas in ${datacenter}`);
  if (replicas >= replicasMin) return [];
  return [`the keyspace ${keyspace} has ${replicas} replica in ${datacenter}, not ${replicasMin} or more`];
}

function replicasOf(replication: Readonly<Record<string, string>>, datacenter: string): number {
  const isByCentre = replication.class?.endsWith("NetworkTopologyStrategy") ?? false;
  return Number.parseInt(replication[isByCentre ? datacenter : "replication_factor"] ?? "0", 10);
}

/** By table; undefined where tables have no such setting. */
async function readRepairs(client: Client, keyspace: string): Promise<Map<string, string | undefined>> {
  const query = "SELECT * FROM system_schema.tables WHERE keyspace_name = ?";
  const { rows } = await client.execute(query, [keyspace]);
  const own = new Set(migrations.flat().map(({ name }) => name));
  const found = rows.filter((row) => own.has(row.table_name));
  return new Map(found.map((row) => [row.table_name as string, row.read_repair as string | undefined]));
}

function repairFaults(repairs: ReadonlyMap<string, string | undefined>): string[] {
  const faulty = [...repairs].filter(
    ([, repair]) => repair !== undefined && repair.toUpperCase() !== "BLOCKING",
  );
  return faulty.map(([table, repair]) => `the table ${table} has read_repair ${repair}, not BLOCKING`);
}

function localHosts(client: Client, datacenter: string): Host[] {
  return client.hosts.values().filter((host) => host.datacenter === datacenter && host.isUp());
}

/** Where Cassandra, then ScyllaDB, tell a node's settings. */
const settings = ["system_views.settings", "system.config"];

async function commitLogFaults(client: Client, host: Host): Promise<string[]> {
  for (const table of settings) {
    const query = `SELECT value FROM ${table} WHERE name = 'commitlog_sync'`;
    try {
      const { rows } = await client.execute(query, [], { prepare: false, host });
      return syncFaults(host, rows[0]?.value ?? undefined);
    } catch (error) {
      if (isNoSuchTable(error)) continue;
      const reason = error instanceof Error ? error.message : String(error);
      return [`the node ${host.address} does not tell its commitlog_sync: ${reason}`];
    }
  }
  return [];
}

function syncFaults({ address }: Host, sync: string | undefined): string[] {
  if (sync === undefined) return [`the node ${address} does not tell its commitlog_sync`];
  const isSafe = ["batch", "group"].includes(sync.replaceAll('"', "").toLowerCase());
  return isSafe ? [] : [`the node ${address} has commitlog_sync ${sync}, not batch or group`];
}
