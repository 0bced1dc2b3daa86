import type { Bucket } from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import { Columns, type Prepare, type Statement, upsert } from "./columns.js";
import type { RowTuple } from "./packed-rows.js";

const erasures = new Columns<Erasure>({
  channel: "channel_id",
  bucket: "bucket",
  seq: "seq",
  event: "event",
  written: "written",
});

/** Of so many buckets it is remembered whether anything in them was erased. */
const rememberedMax = 20_000;

/** Erases the rows that are there, and knows what was erased for those that come late. */
export class Erasures {
  readonly #remember: Statement;
  readonly #overwrite: Statement;
  readonly #find: Statement;
  readonly #any: Statement;
  /** Buckets that were looked at lately: false if nothing in them was erased. */
  readonly #lately = new Map<string, boolean>();

  constructor(prepare: Prepare) {
    const inBucket = "FROM erasures WHERE channel_id = ? AND bucket = ?";
    this.#remember = prepare(upsert("erasures", erasures.names, "written"));
    this.#overwrite = prepare(
      `UPDATE log SET event = ?, written = ?
       WHERE channel_id = ? AND bucket = ? AND seq = ? AND written < ?`,
    );
    this.#find = prepare(`SELECT ${erasures.names} ${inBucket} AND seq BETWEEN ? AND ?`);
    this.#any = prepare(`SELECT 1 ${inBucket} LIMIT 1`);
  }

  erase(all: readonly Erasure[]): void {
    for (const erasure of all) {
      const { channel, bucket, seq, event, written } = erasure;
      this.#note(nameOf(channel, bucket), true);
      this.#remember.run(erasures.values(erasure));
      this.#overwrite.run([event, written, channel, bucket, seq, written]);
    }
  }

  /** What was erased among the places of an append, by `seq`. */
  among(channel: string, bucket: Bucket, rows: readonly RowTuple[]): Map<number, Erasure> {
    const name = nameOf(channel, bucket);
    const any = this.#lately.get(name) ?? this.#note(name, this.#any.first([channel, bucket]) !== undefined);
    if (!any) return new Map();
    const [first, last] = [rows[0]?.[0] ?? 0, rows[rows.length - 1]?.[0] ?? 0];
    const found = this.#find.all([channel, bucket, first, last]).map((values) => erasures.row(values));
    return new Map(found.map((erasure) => [erasure.seq, erasure]));
  }

  #note(name: string, any: boolean): boolean {
    this.#lately.set(name, any);
    for (const oldest of this.#lately.keys()) {
      if (this.#lately.size <= rememberedMax) break;
      this.#lately.delete(oldest);
    }
    return any;
  }
}

function nameOf(channel: string, bucket: Bucket): string {
  return `${channel} ${bucket}`;
}
