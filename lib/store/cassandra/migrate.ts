import type { Client } from "cassandra-driver";
import type { Clock } from "../../clock/clock.js";
import { noteHome } from "./home.js";
import { createKeyspace, createTable, type Replication } from "./keyspace.js";
import { bookkeeping, migrations, type TableSpec } from "./migrations.js";
import { isNoSuchTable } from "./outcome.js";
import { withSchemaLock } from "./schema-lock.js";

interface Migration {
  readonly client: Client;
  readonly keyspace: string;
  /** The home of the keyspace, if it has none yet. */
  readonly datacenter: string;
  /** Of the keyspace, if it is made now. */
  readonly replication: Replication;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What the driver documents and its types lack. */
interface SchemaAgreement {
  checkSchemaAgreement(): Promise<boolean>;
}

/**
 * Brings a keyspace to the newest version of its schema, from nothing if need be. It can be done again, and
 * from several places at once: every statement of it does nothing the second time.
 * @returns the versions that were added.
 */
export async function migrate(migration: Migration): Promise<number[]> {
  const { client, keyspace, datacenter, replication } = migration;
  await change(client, createKeyspace(keyspace, replication));
  const hasReadRepair = await knowsReadRepair(client);
  const make = (table: TableSpec) => change(client, createTable(keyspace, table, hasReadRepair));
  for (const table of bookkeeping) await make(table);
  return withSchemaLock(migration, async () => {
    const present = await schemaVersion(client, keyspace);
    refuseNewer(present);
    await noteHome(client, keyspace, datacenter);
    const added: number[] = [];
    for (let version = present + 1; version <= migrations.length; version++) {
      for (const table of migrations[version - 1]!) await make(table);
      await client.execute(`INSERT INTO ${keyspace}.schema_versions (version) VALUES (?)`, [version]);
      added.push(version);
    }
    return added;
  });
}

/** Rejects if the keyspace does not have the schema that this program knows. */
export async function checkVersion(client: Client, keyspace: string): Promise<void> {
  const present = await schemaVersion(client, keyspace).catch((error: unknown) => {
    if (isNoSuchTable(error)) return 0;
    throw error;
  });
  refuseNewer(present);
  if (present < migrations.length) {
    const found =
      present === 0 ? "no tables of Confab" : `tables of version ${present} of ${migrations.length}`;
    throw new Error(`the keyspace ${keyspace} has ${found}: run confab-migrate`);
  }
}

function refuseNewer(present: number): void {
  if (present <= migrations.length) return;
  throw new Error(
    `the keyspace is of version ${present}, newer than the ${migrations.length} that this program knows: ` +
      "run the program that made it, or a newer one",
  );
}

async function schemaVersion(client: Client, keyspace: string): Promise<number> {
  const { rows } = await client.execute(`SELECT version FROM ${keyspace}.schema_versions`);
  return rows.reduce((highest, row) => Math.max(highest, row.version as number), 0);
}

async function knowsReadRepair(client: Client): Promise<boolean> {
  const { columns } = await client.execute("SELECT * FROM system_schema.tables LIMIT 1");
  return columns.some(({ name }) => name === "read_repair");
}

/** Changes the schema; resolves when all nodes have it, for which the driver waits. */
async function change(client: Client, statement: string): Promise<void> {
  await client.execute(statement, [], { prepare: false });
  const metadata = client.metadata as Client["metadata"] & SchemaAgreement;
  if (await metadata.checkSchemaAgreement()) return;
  throw new Error("the nodes do not agree on the schema in time: try again");
}
