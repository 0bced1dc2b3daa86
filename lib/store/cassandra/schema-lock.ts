import type { Client } from "cassandra-driver";
import { type Clock, sleep } from "../../clock/clock.js";
import { NotWritten } from "../log-store.js";
import { failureOf } from "./outcome.js";

/** A lock whose holder died is free after so many seconds. */
const lockSeconds = 60;
const pollMs = 200;

interface Lock {
  readonly client: Client;
  readonly keyspace: string;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Does something while nobody else does, by a row that only one can write. The lock spares the cluster
 * changes of schema at the same time, over which its nodes can take long to agree. Nothing is wrong if it
 * runs out meanwhile, for the changes themselves may be made by two.
 */
export async function withSchemaLock<Value>(lock: Lock, work: () => Promise<Value>): Promise<Value> {
  const { client, keyspace } = lock;
  const holder = lock.random().toString(36).slice(2);
  await take(lock, holder);
  try {
    return await work();
  } finally {
    const free = `DELETE FROM ${keyspace}.schema_lock WHERE name = 'schema' IF holder = ?`;
    await client.execute(free, [holder]).catch(() => {});
  }
}

async function take({ client, keyspace, clock }: Lock, holder: string): Promise<void> {
  const query = `INSERT INTO ${keyspace}.schema_lock (name, holder) VALUES ('schema', ?)
    IF NOT EXISTS USING TTL ${lockSeconds}`;
  const until = clock.now() + 2 * lockSeconds * 1000;
  let unanswered: Error | undefined;
  while (clock.now() < until) {
    const taken = await client
      .execute(query, [holder])
      .catch((error: unknown) => failureOf("conditional", error));
    if (taken instanceof NotWritten) throw taken;
    unanswered = taken instanceof Error ? taken : undefined;
    // A try of one's own that had no answer may have taken the lock.
    if (!(taken instanceof Error) && (taken.wasApplied() || taken.first()?.holder === holder)) return;
    await sleep(clock, pollMs);
  }
  throw unanswered ?? new Error(`somebody else changes the schema of ${keyspace}: try again later`);
}
