import { createHash } from "node:crypto";
import { ensureUser } from "../../lib/auth/first-user.js";
import { type CassandraOptions, openCassandraStore } from "../../lib/store/cassandra/open-cassandra-store.js";

/** What the first workspace and its user are called; a user's name can be changed later. */
const names = { workspace: "main", user: "owner" };

/** Makes the workspace and the user of a token, unless they are there; whether it did. */
export async function createFirstUser(options: CassandraOptions, token: string): Promise<boolean> {
  const store = await openCassandraStore(options);
  try {
    return await ensureUser(store, token, names, numbersFrom(token));
  } finally {
    await store.close();
  }
}

/**
 * Numbers that follow from a secret and tell nothing of it: whoever is stopped in the middle, or runs at the
 * same time as another, makes the same rows.
 */
function numbersFrom(secret: string): () => number {
  let count = 0;
  return () => {
    const hash = createHash("sha256").update(`first user ${count++} of ${secret}`);
    return hash.digest().readUInt32BE() / 2 ** 32;
  };
}
