import { type Client, types } from "cassandra-driver";
import { isNoSuchTable } from "./outcome.js";

/**
 * Notes the data centre from which a keyspace is made as its home, unless it has one: all that use the
 * keyspace must count the quorum of the same one, for quorums of two need not meet. All data centres agree on
 * the first that is noted, and are not asked again.
 */
export async function noteHome(client: Client, keyspace: string, datacenter: string): Promise<void> {
  if ((await findHome(client, keyspace)) !== undefined) return;
  const query = `INSERT INTO ${keyspace}.home (name, datacenter) VALUES ('home', ?) IF NOT EXISTS`;
  await client.execute(query, [datacenter], { serialConsistency: types.consistencies.serial });
}

/** Tells if the keyspace is not known to be at home in the data centre. */
export async function homeFaults(client: Client, keyspace: string, datacenter: string): Promise<string[]> {
  const home = await findHome(client, keyspace).catch((error: unknown) => {
    if (isNoSuchTable(error)) return undefined;
    throw error;
  });
  if (home === datacenter) return [];
  if (home !== undefined) return [`the keyspace ${keyspace} is at home in ${home}, not in ${datacenter}`];
  return [`the keyspace ${keyspace} does not tell its home data centre: run confab-migrate`];
}

async function findHome(client: Client, keyspace: string): Promise<string | undefined> {
  const query = `SELECT datacenter FROM ${keyspace}.home WHERE name = 'home'`;
  const { rows } = await client.execute(query);
  return rows[0]?.datacenter as string | undefined;
}
