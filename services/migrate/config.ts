import { z } from "zod";
import { isTokenShaped } from "../../lib/auth/token.js";
import { readConfig } from "../../lib/config/config.js";
import { cassandraVariables, replicationVariable } from "../../lib/store/cassandra/config.js";

/** Configuration of the program that makes and migrates the keyspace. */
export const migrateConfigSchema = z.object({
  cassandra: cassandraVariables,
  replication: replicationVariable,
  firstToken: z
    .string()
    .refine(isTokenShaped, "must be confab_ and 43 letters, digits, '_' and '-'")
    .optional()
    .describe("Token of a first user, who is made with a workspace unless the token is known."),
});

/** @throws ConfigError with all faults at once */
export function readMigrateConfig(): z.output<typeof migrateConfigSchema> {
  return readConfig(migrateConfigSchema, process.env);
}
