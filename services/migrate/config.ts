import { z } from "zod";
import { readConfig } from "../../lib/config/config.js";
import { cassandraVariables, replicationVariable } from "../../lib/store/cassandra/config.js";

/** Configuration of the program that makes and migrates the keyspace. */
export const migrateConfigSchema = z.object({
  cassandra: cassandraVariables,
  replication: replicationVariable,
});

/** @throws ConfigError with all faults at once */
export function readMigrateConfig(): z.output<typeof migrateConfigSchema> {
  return readConfig(migrateConfigSchema, process.env);
}
