import type { Bucket } from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import { Columns, type Prepare, upsert } from "./columns.js";
import type { LogOperations } from "./operations.js";
import type { RowTuple } from "./packed-rows.js";

const erasures = new Columns<Erasure>({
  channel: "channel_id",
  bucket: "bucket",
  seq: "seq",
  event: "event",
  written: "written",
});

/** Erases the rows that are there and remembers it for those that come late. */
export function eraser(prepare: Prepare): LogOperations["erase"] {
  const remember = prepare(upsert("erasures", erasures.names, "written"));
  const overwrite = prepare(
    `UPDATE log SET event = ?, written = ?
     WHERE channel_id = ? AND bucket = ? AND seq = ? AND written < ?`,
  );
  return (all) => {
    for (const erasure of all) {
      const { channel, bucket, seq, event, written } = erasure;
      remember.run(erasures.values(erasure));
      overwrite.run([event, written, channel, bucket, seq, written]);
    }
  };
}

/** Finds what was erased among the places of an append, by `seq`. */
export function erasuresIn(
  prepare: Prepare,
): (channel: string, bucket: Bucket, rows: readonly RowTuple[]) => Map<number, Erasure> {
  const find = prepare(
    `SELECT ${erasures.names} FROM erasures WHERE channel_id = ? AND bucket = ? AND seq BETWEEN ? AND ?`,
  );
  return (channel, bucket, rows) => {
    const [first, last] = [rows[0]?.[0] ?? 0, rows[rows.length - 1]?.[0] ?? 0];
    const found = find.all([channel, bucket, first, last]).map((values) => erasures.row(values));
    return new Map(found.map((erasure) => [erasure.seq, erasure]));
  };
}
