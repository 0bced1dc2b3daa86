import type { Client } from "cassandra-driver";
import type { Clock } from "../../clock/clock.js";
import { systemClock } from "../../clock/system-clock.js";
import type { Log } from "../../log/log.js";
import { CassandraStore } from "./cassandra-store.js";
import { type ClusterOptions, createClient } from "./client.js";
import { checkedKeyspace, type Replication } from "./keyspace.js";
import { checkVersion, migrate } from "./migrate.js";
import { type RequestMeter, Requests } from "./requests.js";
import { UnsafeSettings, unsafeSettings } from "./safety.js";

/** Where the store is, and what it takes. */
export interface CassandraOptions extends ClusterOptions {
  readonly keyspace: string;
  /** Takes settings of the cluster by which acknowledged messages can be lost. */
  readonly allowDataLoss?: boolean;
  /** Makes or brings up to date what is missing; a keyspace that is made has this replication. */
  readonly migrate?: Replication;
  readonly meter?: RequestMeter;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Log;
}

/**
 * Opens the store in a keyspace. Rejects if the keyspace has not the tables that this program knows, or, with
 * `UnsafeSettings`, if the cluster is set up so that acknowledged messages can be lost.
 */
export async function openCassandraStore(options: CassandraOptions): Promise<CassandraStore> {
  const keyspace = checkedKeyspace(options.keyspace);
  const { clock = systemClock, random = Math.random, meter, log } = options;
  const client = createClient(options);
  try {
    await client.connect();
    if (options.migrate) {
      const { localDatacenter: datacenter, migrate: replication } = options;
      await migrate({ client, keyspace, datacenter, replication, clock, random });
    }
    await checkVersion(client, keyspace);
    await checkSettings(client, keyspace, options);
  } catch (error) {
    await client.shutdown();
    throw error;
  }
  // What the driver does by itself, such as connecting again, is known from here only.
  client.on("log", (level: string, source: string, message: string) => {
    if (level === "error" || level === "warning")
      log?.warn({ source, driver: message }, "Cassandra's driver");
  });
  return new CassandraStore(new Requests(client, meter), keyspace, clock, log);
}

/** Makes a keyspace and its tables, or brings them up to date; tells the versions that were added. */
export async function migrateKeyspace(
  options: CassandraOptions,
  replication: Replication,
): Promise<number[]> {
  const keyspace = checkedKeyspace(options.keyspace);
  const { localDatacenter: datacenter, clock = systemClock, random = Math.random } = options;
  const client = createClient(options);
  try {
    await client.connect();
    return await migrate({ client, keyspace, datacenter, replication, clock, random });
  } finally {
    await client.shutdown();
  }
}

async function checkSettings(client: Client, keyspace: string, options: CassandraOptions): Promise<void> {
  const faults = await unsafeSettings(client, keyspace, options.localDatacenter);
  if (faults.length === 0) return;
  if (!options.allowDataLoss) throw new UnsafeSettings(faults);
  options.log?.warn({ faults }, "the store can lose acknowledged messages, as allowed");
}
