import type Database from "libsql";
import { type BucketEntry, Fenced, type MemberRow, type MessageKey } from "../log-store.js";
import { rowsUntil } from "../page.js";
import type { Enlisted, RosterStore } from "../roster-store.js";
import { Columns, type Prepare, Statement, upsert } from "./columns.js";
import { Erasures } from "./erasures.js";
import type { LogOperations } from "./operations.js";
import { eventOf, pack, type RowTuple, tupleColumns } from "./packed-rows.js";
import { projectionOperations } from "./projection-operations.js";

const buckets = new Columns<BucketEntry>({ epoch: "epoch", bucket: "bucket", firstSeq: "first_seq" });
const keys = new Columns<MessageKey>({
  author: "author",
  clientMsgId: "client_msg_id",
  epoch: "epoch",
  seq: "seq",
  bodyHash: "body_hash",
});
const members = new Columns<MemberRow>({
  channel: "channel_id",
  user: "user_id",
  seq: "seq",
  id: "id",
  member: { flag: "member" },
});

const roster = new Columns<Enlisted>({ incarnation: "incarnation", generation: "generation" });

const upsertRoster = `INSERT INTO roster (${roster.names}) VALUES (?, ?) ON CONFLICT DO NOTHING`;
const putRow = upsert("log", `channel_id, bucket, ${tupleColumns}, event, written`, "written");
const putKey = upsert("message_keys", `channel_id, bucket, ${keys.names}, written`, "written");
const inRange = "FROM log WHERE channel_id = ? AND bucket = ? AND seq BETWEEN ? AND ?";
const limitRows = "LIMIT min(max(?, 0), 9007199254740991)";

/** The channel logs in the database. */
export function logOperations(database: Database.Database): LogOperations {
  const statement = (sql: string) => new Statement(database, sql);
  const erasures = new Erasures(statement);
  const isFenced = statement("SELECT 1 FROM fenced WHERE incarnation = ?");
  const confirm = (incarnation: string) => {
    if (isFenced.first([incarnation])) throw new Fenced(`incarnation ${incarnation} has been fenced`);
  };
  return {
    append: appender(statement, erasures, confirm),
    listBucket: lister(statement, confirm),
    ...readers(statement),
    fence: fencer(statement),
    ...rosterOperations(statement),
    confirm,
    ...memberOperations(statement),
    ...projectionOperations(statement),
    erase: (all) => erasures.erase(all),
  };
}

function appender(
  prepare: Prepare,
  erasures: Erasures,
  confirm: LogOperations["confirm"],
): LogOperations["append"] {
  const [row, key] = [prepare(putRow), prepare(putKey)];
  return (incarnation, append) => {
    confirm(incarnation);
    const { channel, bucket, rows } = append;
    const erased = erasures.among(channel, bucket, rows.tuples);
    rows.tuples.forEach((tuple, at) => {
      const erasure = erased.get(tuple[0]);
      const isErased = erasure !== undefined && erasure.written > tuple[2];
      const last = isErased ? [erasure.event, erasure.written] : [eventOf(rows, at), tuple[2]];
      row.run([channel, bucket, ...tuple, ...last]);
    });
    for (const one of append.keys) {
      const erasedAt = erasures.ofKey(channel, bucket, one);
      const isErased = erasedAt > one.written;
      const values = keys.values(isErased ? { ...one, bodyHash: "" } : one);
      key.run([channel, bucket, ...values, isErased ? erasedAt : one.written]);
    }
  };
}

function lister(prepare: Prepare, confirm: LogOperations["confirm"]): LogOperations["listBucket"] {
  const add = prepare(
    `INSERT INTO channel_buckets (channel_id, ${buckets.names}) VALUES (?, ${buckets.marks})
     ON CONFLICT DO NOTHING`,
  );
  return (incarnation, channel, entry) => {
    confirm(incarnation);
    add.run([channel, ...buckets.values(entry)]);
  };
}

function fencer(prepare: Prepare): LogOperations["fence"] {
  const add = prepare("INSERT INTO fenced (incarnation) VALUES (?) ON CONFLICT DO NOTHING");
  return (incarnation) => {
    add.run([incarnation]);
  };
}

function rosterOperations(prepare: Prepare): Pick<LogOperations, keyof RosterStore> {
  const put = prepare(upsertRoster);
  const remove = prepare("DELETE FROM roster WHERE incarnation = ?");
  const all = prepare(`SELECT ${roster.names} FROM roster`);
  return {
    enlist: (enlisted) => void put.run(roster.values(enlisted)),
    delist: (incarnation) => void remove.run([incarnation]),
    readRoster: () => all.all([]).map((row) => roster.row(row)),
  };
}

function readers(prepare: Prepare): Pick<LogOperations, "readBuckets" | "readRows" | "findKeys"> {
  const map = prepare(
    `SELECT ${buckets.names} FROM channel_buckets WHERE channel_id = ? ORDER BY epoch, first_seq, bucket`,
  );
  const [upward, downward] = [rowReader(prepare, "seq"), rowReader(prepare, "seq DESC")];
  const find = prepare(
    `SELECT ${keys.names} FROM message_keys
     WHERE channel_id = ? AND bucket = ? AND author = ? AND client_msg_id = ?`,
  );
  return {
    readBuckets: (channel) => map.all([channel]).map((values) => buckets.row(values)),
    readRows: (range) => (range.downward ? downward : upward)(range),
    findKeys: (...key) => find.all(key).map((values) => keys.row(values)),
  };
}

/** Looks at the sizes of events before it reads them: they are known without the pages that hold them. */
function rowReader(prepare: Prepare, order: string): LogOperations["readRows"] {
  const sizes = prepare(`SELECT length(event) ${inRange} ORDER BY ${order}, epoch DESC ${limitRows}`);
  const rows = prepare(`SELECT ${tupleColumns}, event ${inRange} ORDER BY ${order}, epoch DESC ${limitRows}`);
  return ({ channel, bucket, from, to, limit, bytesEnough }) => {
    const range = [channel, bucket, from, to];
    const few = limit > 1 ? sizes.all([...range, limit]).map(([size]) => size as number) : undefined;
    const found = rows.all([...range, few ? rowsUntil(bytesEnough, few) : limit]);
    const events = found.map((row) => row.pop() as Uint8Array);
    return pack(found as RowTuple[], events);
  };
}

function memberOperations(
  prepare: Prepare,
): Pick<LogOperations, "projectMembers" | "readMembers" | "readUserChannels"> {
  const put = [
    prepare(upsert("members", members.names, "id")),
    prepare(upsert("user_channels", members.names, "id")),
  ];
  const ofChannel = prepare(`SELECT ${members.names} FROM members WHERE channel_id = ?`);
  const ofUser = prepare(`SELECT ${members.names} FROM user_channels WHERE user_id = ?`);
  return {
    projectMembers: (changes) => {
      for (const change of changes) for (const table of put) table.run(members.values(change));
    },
    readMembers: (channel) => ofChannel.all([channel]).map((values) => members.row(values)),
    readUserChannels: (user) => ofUser.all([user]).map((values) => members.row(values)),
  };
}
