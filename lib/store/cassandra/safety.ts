import type { Client, Host } from "cassandra-driver";
import { migrations } from "./migrations.js";

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
 * Tells by which settings rows that were acknowledged can be lost. What a cluster does not tell is not looked
 * at: ScyllaDB repairs what it reads at a quorum whatever the table says.
 */
export async function unsafeSettings(
  client: Client,
  keyspace: string,
  datacenter: string,
): Promise<string[]> {
  const faults = [
    replicaFaults(await replicasOf(client, keyspace, datacenter), keyspace, datacenter),
    repairFaults(await readRepairs(client, keyspace)),
    ...(await Promise.all(localHosts(client, datacenter).map((host) => commitLogFaults(client, host)))),
  ];
  return faults.flat();
}

function replicaFaults(replicas: number, keyspace: string, datacenter: string): string[] {
  if (replicas === 0) throw new Error(`the keyspace ${keyspace} has no replicas in ${datacenter}`);
  if (replicas >= replicasMin) return [];
  return [`the keyspace ${keyspace} has ${replicas} replica in ${datacenter}, not ${replicasMin} or more`];
}

async function replicasOf(client: Client, keyspace: string, datacenter: string): Promise<number> {
  const query = "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?";
  const { rows } = await client.execute(query, [keyspace]);
  const replication = (rows[0]?.replication ?? {}) as Record<string, string>;
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
    const found = await client.execute(query, [], { prepare: false, host }).catch(() => undefined);
    const sync = found?.rows[0]?.value as string | undefined;
    if (sync === undefined) continue;
    const isSafe = ["batch", "group"].includes(sync.replaceAll('"', "").toLowerCase());
    return isSafe ? [] : [`the node ${host.address} has commitlog_sync ${sync}, not batch or group`];
  }
  return [];
}
