import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import type { Log } from "../log/log.js";
import type { Metrics } from "../metrics/metrics.js";
import { cassandraMeter, storeMeter } from "../metrics/store-meter.js";
import { cassandraOptions } from "./cassandra/config.js";
import { openCassandraStore } from "./cassandra/open-cassandra-store.js";
import type { StoreConfig } from "./config.js";
import { openSqliteStore } from "./sqlite/sqlite-store.js";
import type { Store } from "./store.js";

/** What every store is made of. */
interface OpenParts {
  /** Where SQLite has its files. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Opens the store that the configuration names.
 *
 * @throws ConfabError with the reason if Cassandra cannot be used: it does not answer, has no tables, or is
 *   set up so that acknowledged messages can be lost
 */
export async function openStore(config: StoreConfig, parts: OpenParts): Promise<Store> {
  return config.store === "sqlite" ? openSqlite(parts) : openCassandra(config.cassandra, parts);
}

async function openSqlite({ folder, metrics }: OpenParts): Promise<Store> {
  metrics.gauge("storeWaiting", () => store.stats().waiting);
  const store = await openSqliteStore({ folder, meter: storeMeter(metrics) });
  return store;
}

async function openCassandra(config: StoreConfig["cassandra"], parts: OpenParts): Promise<Store> {
  const { clock, random, log, metrics } = parts;
  try {
    const meter = cassandraMeter(metrics, () => store.stats().waiting);
    const store = await openCassandraStore({ ...cassandraOptions(config), clock, random, log, meter });
    return store;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const where = config.contactPoints.join(", ");
    throw new ConfabError("unavailable", "", `cannot use Cassandra at ${where}: ${why}`);
  }
}
