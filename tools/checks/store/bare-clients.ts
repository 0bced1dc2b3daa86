import { join } from "node:path";
import { Client, types } from "cassandra-driver";
import Database from "libsql";
import type { LogRow, MessageKey } from "../../../lib/store/log-store.js";
import { openSqliteStore } from "../../../lib/store/sqlite/sqlite-store.js";
import { type ContactPoint, localDatacenter } from "../../components/cassandra/server.js";
import type { Target } from "./rates.js";

const rowColumns =
  "channel_id, bucket, seq, epoch, id, first, last, projected, messages, kind, author, client_msg_id, " +
  "parent_id, target_id, event";
const keyColumns = "channel_id, bucket, author, client_msg_id, epoch, seq, body_hash";

function rowValues(place: readonly (string | number)[], row: LogRow) {
  const { seq, epoch, id, first, last, projected, messages, kind, author, clientMsgId } = row;
  const numbers = [seq, epoch, id, first, last, projected, messages];
  const rest = [kind, author, clientMsgId, row.parentId, row.targetId, Buffer.from(row.event)];
  return [...place, ...numbers, ...rest];
}

function keyValues(place: readonly (string | number)[], key: MessageKey) {
  return [...place, key.author, key.clientMsgId, key.epoch, key.seq, key.bodyHash];
}

const marks = (columns: string) => columns.replaceAll(/\w+/g, "?");

/** The driver of Cassandra by itself: the same statements in the same batches, and nothing around them. */
export async function bareCassandra(
  contactPoints: readonly ContactPoint[],
  keyspace: string,
): Promise<Target> {
  const client = new Client({
    contactPoints: contactPoints.map(({ host, port }) => `${host}:${port}`),
    localDataCenter: localDatacenter,
    keyspace,
    queryOptions: { prepare: true, consistency: types.consistencies.localQuorum },
  });
  await client.connect();
  const putRow = `INSERT INTO log (${rowColumns}) VALUES (${marks(rowColumns)})`;
  const putKey = `INSERT INTO message_keys (${keyColumns}) VALUES (${marks(keyColumns)})`;
  const find = `SELECT ${rowColumns} FROM log WHERE channel_id = ? AND bucket = ? AND seq >= ? AND seq <= ?`;
  let bucket = 0;
  return {
    append: async ({ channel, bucket: at, rows, keys }) => {
      bucket = at;
      const place = [channel, at];
      await client.batch(
        [
          ...rows.map((row) => ({ query: putRow, params: rowValues(place, row) })),
          ...keys.map((key) => ({ query: putKey, params: keyValues(place, key) })),
        ],
        { prepare: true, logged: false },
      );
    },
    page: async (channel, from, count) =>
      (await client.execute(find, [channel, bucket, from, from + count - 1])).rows.length,
    close: () => client.shutdown(),
  };
}

/** libsql by itself, in this thread: the same rows, and the appends of one turn in one transaction. */
export async function bareSqlite(folder: string): Promise<Target> {
  // The tables are those of the store.
  await (await openSqliteStore({ folder })).close();
  const database = new Database(join(folder, "confab.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  const putRow = database.prepare(
    `INSERT INTO log (${rowColumns}, written) VALUES (${marks(rowColumns)}, 0)`,
  );
  const putKey = database.prepare(
    `INSERT INTO message_keys (${keyColumns}, written) VALUES (${marks(keyColumns)}, 0)`,
  );
  const find = database.prepare(
    `SELECT ${rowColumns} FROM log WHERE channel_id = ? AND bucket = ? AND seq BETWEEN ? AND ?`,
  );
  let bucket = 0;
  let waiting: { run: () => void; done: () => void }[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    database.exec("BEGIN IMMEDIATE");
    for (const { run } of batch) run();
    database.exec("COMMIT");
    for (const { done } of batch) done();
  };
  return {
    append: ({ channel, bucket: at, rows, keys }) =>
      new Promise((done) => {
        bucket = at;
        const place = [channel, at];
        const run = () => {
          for (const row of rows) putRow.run(rowValues(place, row));
          for (const key of keys) putKey.run(keyValues(place, key));
        };
        if (waiting.push({ run, done }) === 1) setImmediate(flush);
      }),
    page: async (channel, from, count) => find.all([channel, bucket, from, from + count - 1]).length,
    close: async () => void database.close(),
  };
}
