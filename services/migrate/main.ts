// `confab-migrate` (`npm run migrate`): makes the keyspace and the tables in Cassandra, or brings them to the
// version of this program. It may run again, and in several places at once.
import { cassandraOptions, parseReplication } from "../../lib/store/cassandra/config.js";
import { migrateKeyspace } from "../../lib/store/cassandra/open-cassandra-store.js";
import { readMigrateConfig } from "./config.js";

try {
  const { cassandra, replication } = readMigrateConfig();
  const added = await migrateKeyspace(cassandraOptions(cassandra), parseReplication(replication)!);
  const what = added.length > 0 ? `has version ${added.at(-1)} now` : "was up to date";
  console.log(`the keyspace ${cassandra.keyspace} ${what}`);
} catch (error) {
  console.error(`confab-migrate: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
