// `confab-migrate` (`npm run migrate`): makes the keyspace and the tables in Cassandra, or brings them to the
// version of this program; then the first user, if told to. It may run again, and in several places at once.
import { cassandraOptions, parseReplication } from "../../lib/store/cassandra/config.js";
import { migrateKeyspace } from "../../lib/store/cassandra/open-cassandra-store.js";
import { readMigrateConfig } from "./config.js";
import { createFirstUser } from "./first-token.js";

try {
  const { cassandra, replication, firstToken } = readMigrateConfig();
  const options = cassandraOptions(cassandra);
  const added = await migrateKeyspace(options, parseReplication(replication)!);
  const what = added.length > 0 ? `has version ${added.at(-1)} now` : "was up to date";
  console.log(`the keyspace ${cassandra.keyspace} ${what}`);
  if (firstToken) {
    const isNew = await createFirstUser(options, firstToken);
    console.log(isNew ? "the first workspace and its user were made" : "the first user was there");
  }
} catch (error) {
  console.error(`confab-migrate: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
