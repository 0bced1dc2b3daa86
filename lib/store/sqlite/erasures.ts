import type { EventId } from "../../ids/ids.js";
import type { Bucket, MessageKey } from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import { Columns, type Prepare, type Statement, upsert } from "./columns.js";
import type { RowTuple } from "./packed-rows.js";

type ErasedEvent = Omit<Erasure, "author" | "clientMsgId">;

const erasures = new Columns<ErasedEvent>({
  channel: "channel_id",
  bucket: "bucket",
  seq: "seq",
  event: "event",
  written: "written",
});
const erasedKeys = new Columns<Omit<Erasure, "seq" | "event">>({
  channel: "channel_id",
  bucket: "bucket",
  author: "author",
  clientMsgId: "client_msg_id",
  written: "written",
});

/** Of so many buckets it is remembered whether anything in them was erased. */
const rememberedMax = 20_000;

/** Erases the rows and keys that are there, and knows what was erased for those that come late. */
export class Erasures {
  readonly #remember: Statement;
  readonly #overwrite: Statement;
  readonly #find: Statement;
  readonly #any: Statement;
  readonly #rememberKey: Statement;
  readonly #overwriteKeys: Statement;
  readonly #findKey: Statement;
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
    const ofMessage = "channel_id = ? AND bucket = ? AND author = ? AND client_msg_id = ?";
    this.#rememberKey = prepare(upsert("erased_keys", erasedKeys.names, "written"));
    this.#overwriteKeys = prepare(
      `UPDATE message_keys SET body_hash = '', written = ? WHERE ${ofMessage} AND written < ?`,
    );
    this.#findKey = prepare(`SELECT written FROM erased_keys WHERE ${ofMessage}`);
  }

  erase(all: readonly Erasure[]): void {
    for (const erasure of all) {
      const { channel, bucket, seq, event, author, clientMsgId, written } = erasure;
      this.#note(nameOf(channel, bucket), true);
      this.#remember.run(erasures.values(erasure));
      this.#overwrite.run([event, written, channel, bucket, seq, written]);
      if (clientMsgId === "") continue;
      this.#rememberKey.run(erasedKeys.values(erasure));
      this.#overwriteKeys.run([written, channel, bucket, author, clientMsgId, written]);
    }
  }

  /** What was erased among the places of an append, by `seq`. */
  among(channel: string, bucket: Bucket, rows: readonly RowTuple[]): Map<number, ErasedEvent> {
    if (!this.#isAny(channel, bucket)) return new Map();
    const [first, last] = [rows[0]?.[0] ?? 0, rows[rows.length - 1]?.[0] ?? 0];
    const found = this.#find.all([channel, bucket, first, last]).map((values) => erasures.row(values));
    return new Map(found.map((erasure) => [erasure.seq, erasure]));
  }

  /** Id of the event under which a message's keys were erased; 0 if none did. */
  ofKey(channel: string, bucket: Bucket, { author, clientMsgId }: MessageKey): EventId {
    if (!this.#isAny(channel, bucket)) return 0;
    return (this.#findKey.first([channel, bucket, author, clientMsgId])?.[0] as EventId | undefined) ?? 0;
  }

  #isAny(channel: string, bucket: Bucket): boolean {
    const name = nameOf(channel, bucket);
    return this.#lately.get(name) ?? this.#note(name, this.#any.first([channel, bucket]) !== undefined);
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
