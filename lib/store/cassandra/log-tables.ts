import type { ChannelId } from "../../ids/ids.js";
import {
  type Append,
  type Bucket,
  type BucketEntry,
  type LogRow,
  type MessageKey,
  NotWritten,
  type RowRange,
} from "../log-store.js";
import { rowsUntil } from "../page.js";
import type { Erasure } from "../projection-store.js";
import { writtenOfKey } from "../written.js";
import { allWritten } from "./all-written.js";
import { type CqlValue, integerValue, numberOf, textValue } from "./columns.js";
import { erasedKey, keysWithoutErased } from "./erased-keys.js";
import { erasedEpoch, RowGroups } from "./erased-rows.js";
import type { Requests, Statement } from "./requests.js";
import { bucketColumns, keyColumns, logColumns } from "./tables.js";

/**
 * Most bytes of the events of one append. A node takes none beyond half of a segment of its commit log, which
 * has 16 MiB or more; the other columns and the keys need room, too.
 */
const appendBytesMax = 4 * 1024 * 1024;
/** Most rows that are asked for at a time. */
const pageRowsMax = 500;
/** Most rows that are asked for first where few large ones may be enough. */
const firstRowsMax = 64;

/** The logs of channels, their message keys and the maps of their buckets. */
export class LogTables {
  readonly #queries;

  constructor(
    private readonly requests: Requests,
    keyspace: string,
  ) {
    this.#queries = queriesOf(keyspace);
  }

  /** One mutation: all rows and keys lie in one partition. */
  async append(append: Append): Promise<void> {
    await this.requests.write("append", this.#appendStatements(append));
  }

  async listBucket(channel: ChannelId, entry: BucketEntry): Promise<void> {
    const params = [textValue(channel), ...bucketColumns.values(entry), entry.bucket];
    await this.requests.write("list_bucket", [{ query: this.#queries.putBucket, params }]);
  }

  async readBuckets(channel: ChannelId, begun: () => void): Promise<BucketEntry[]> {
    const rows = await this.requests.all(
      "read_buckets",
      { query: this.#queries.findBuckets, params: [textValue(channel)] },
      begun,
    );
    const entries = rows.map((row) => bucketColumns.row(row));
    return entries.sort((a, b) => a.epoch - b.epoch || a.firstSeq - b.firstSeq || a.bucket - b.bucket);
  }

  async readRows(range: RowRange, begun: () => void): Promise<LogRow[]> {
    const { channel, bucket, from, to, limit, bytesEnough, downward } = range;
    if (limit <= 0 || from > to) return [];
    const query = downward ? this.#queries.findDownward : this.#queries.findUpward;
    const statement = { query, params: [...placeOf(channel, bucket), integerValue(from), integerValue(to)] };
    const groups = new RowGroups(downward);
    let fetchSize = Math.min(limit + 1, Number.isFinite(bytesEnough) ? firstRowsMax : pageRowsMax);
    let next: string | undefined;
    do {
      const options = next === undefined ? { fetchSize } : { fetchSize, pageState: next };
      const page = await this.requests.page("read_rows", statement, options, begun);
      // What an event was overwritten by can outlive its row, when another erasure removed that.
      for (const row of page.rows) if (row.id !== null) groups.add(logColumns.row(row));
      next = page.next;
      fetchSize = rowsFor(bytesEnough - groups.bytes, groups);
      // Of a seq that is not complete the highest epoch may still come.
      const isEnough = groups.whole > 0 && (groups.whole >= limit || groups.bytes >= bytesEnough);
      if (isEnough) break;
    } while (next !== undefined);
    const rows = groups.rows(limit);
    return rows.slice(
      0,
      rowsUntil(
        bytesEnough,
        rows.map(({ event }) => event.byteLength),
      ),
    );
  }

  async findKeys(
    channel: ChannelId,
    bucket: Bucket,
    author: string,
    clientMsgId: string,
  ): Promise<MessageKey[]> {
    const params = [...placeOf(channel, bucket), textValue(author), textValue(clientMsgId)];
    const rows = await this.requests.all("find_keys", { query: this.#queries.findKeys, params });
    return keysWithoutErased(
      rows.map((row) => ({ key: keyColumns.row(row), writtenUs: numberOf(row.written_us) })),
    );
  }

  async erase(erasures: readonly Erasure[]): Promise<void> {
    await allWritten(erasures.map((erasure) => this.#erase(erasure)));
  }

  #appendStatements(append: Append): Statement[] {
    const place = placeOf(append.channel, append.bucket);
    const bytes = append.rows.reduce((sum, { event }) => sum + event.byteLength, 0);
    if (bytes > appendBytesMax) throw new NotWritten(`an append of ${bytes} bytes is too large`);
    const rows = append.rows.map((row) => this.#putRow(place, row));
    const keys = append.keys.map((key) => ({
      query: this.#queries.putKey,
      params: [...place, ...keyColumns.values(key), writtenOfKey(append, key)],
    }));
    return [...rows, ...keys];
  }

  #putRow(place: readonly CqlValue[], row: LogRow): Statement {
    return { query: this.#queries.putRow, params: [...place, ...logColumns.values(row), row.id] };
  }

  /**
   * What is erased is overwritten in the row that counts, the rows of lower epochs go, and a row of the
   * erasure itself hides what may come later from elsewhere: all of it under the id of the erasing event, so
   * that rows of older events lose whenever they are written.
   */
  async #erase(erasure: Erasure): Promise<void> {
    const [row, keys] = await Promise.all([this.#eraseRow(erasure), this.#eraseKeys(erasure)]);
    await this.requests.write("erase", [...row, ...keys]);
  }

  async #eraseRow({ channel, bucket, seq, event, written }: Erasure): Promise<Statement[]> {
    const place = placeOf(channel, bucket);
    const blank = Buffer.from(event);
    const query = this.#queries.findEpochs;
    const found = await this.requests.all("erase", { query, params: [...place, integerValue(seq)] });
    const counting = found.find(
      (row) => row.id !== null && numberOf(row.epoch) !== erasedEpoch && numberOf(row.id) < written,
    );
    const statements = [this.#putRow(place, erasureRow({ seq, written, event: blank }))];
    if (counting) {
      const at = [...place, seq, numberOf(counting.epoch)];
      statements.push({ query: this.#queries.blank, params: [written, blank, ...at] });
      statements.push({ query: this.#queries.removeLower, params: [written, ...at] });
    }
    return statements;
  }

  /** Likewise the hashes in the keys of the erased message. */
  async #eraseKeys({ channel, bucket, author, clientMsgId, written }: Erasure): Promise<Statement[]> {
    if (clientMsgId === "") return [];
    const place = [...placeOf(channel, bucket), textValue(author), textValue(clientMsgId)];
    const found = await this.requests.all("erase", { query: this.#queries.findKeys, params: place });
    const mark = erasedKey({ author, clientMsgId, written });
    const epochs = found.map((row) => numberOf(row.epoch)).filter((epoch) => epoch !== erasedEpoch);
    return [
      {
        query: this.#queries.putKey,
        params: [...placeOf(channel, bucket), ...keyColumns.values(mark), written],
      },
      ...epochs.map((epoch) => ({ query: this.#queries.blankKey, params: [written, "", ...place, epoch] })),
    ];
  }
}

/** How many more rows have so many bytes, if they are as large as those that came. */
function rowsFor(bytes: number, { whole, bytes: known }: RowGroups): number {
  const rows = Math.ceil(bytes / Math.max(1, known / Math.max(1, whole)));
  return Math.max(1, Math.min(rows, pageRowsMax));
}

function placeOf(channel: ChannelId, bucket: Bucket): CqlValue[] {
  return [textValue(channel), integerValue(bucket)];
}

function erasureRow({ seq, written, event }: Pick<Erasure, "seq" | "written" | "event">): LogRow {
  const nothing = { first: 0, last: 0, projected: 0, told: 0, messages: 0, parentId: 0, targetId: 0 };
  const names = { kind: "", author: "", clientMsgId: "" };
  return { seq, epoch: erasedEpoch, id: written, ...nothing, ...names, event };
}

function queriesOf(keyspace: string) {
  const rows = `SELECT ${logColumns.names} FROM ${keyspace}.log
    WHERE channel_id = ? AND bucket = ? AND seq >= ? AND seq <= ?`;
  const row = "channel_id = ? AND bucket = ? AND seq = ?";
  const key = "channel_id = ? AND bucket = ? AND author = ? AND client_msg_id = ?";
  return {
    putRow: `INSERT INTO ${keyspace}.log (channel_id, bucket, ${logColumns.names})
      VALUES (?, ?, ${logColumns.marks}) USING TIMESTAMP ?`,
    putKey: `INSERT INTO ${keyspace}.message_keys (channel_id, bucket, ${keyColumns.names})
      VALUES (?, ?, ${keyColumns.marks}) USING TIMESTAMP ?`,
    putBucket: `INSERT INTO ${keyspace}.channel_buckets (channel_id, ${bucketColumns.names})
      VALUES (?, ${bucketColumns.marks}) USING TIMESTAMP ?`,
    findBuckets: `SELECT ${bucketColumns.names} FROM ${keyspace}.channel_buckets WHERE channel_id = ?`,
    findDownward: rows,
    findUpward: `${rows} ORDER BY seq ASC, epoch ASC`,
    findKeys: `SELECT ${keyColumns.names}, WRITETIME(body_hash) AS written_us FROM ${keyspace}.message_keys
      WHERE ${key}`,
    blankKey: `UPDATE ${keyspace}.message_keys USING TIMESTAMP ? SET body_hash = ?
      WHERE ${key} AND epoch = ?`,
    findEpochs: `SELECT epoch, id FROM ${keyspace}.log WHERE ${row}`,
    blank: `UPDATE ${keyspace}.log USING TIMESTAMP ? SET event = ? WHERE ${row} AND epoch = ?`,
    removeLower: `DELETE FROM ${keyspace}.log USING TIMESTAMP ? WHERE ${row} AND epoch < ?`,
  };
}
