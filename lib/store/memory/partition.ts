import type { EventId, Seq } from "../../ids/ids.js";
import type { Append, LogRow, MessageKey, RowRange } from "../log-store.js";
import { rowsUntil } from "../page.js";
import type { Erasure } from "../projection-store.js";
import { writtenOfKey } from "../written.js";

interface StoredKey {
  readonly key: MessageKey;
  readonly written: EventId;
}

/** One bucket of a channel's log, with the keys of its messages. */
export class Partition {
  /** By ascending `seq`, within one by descending epoch. */
  readonly #rows: LogRow[] = [];
  readonly #keys = new Map<string, StoredKey[]>();
  readonly #erasures = new Map<Seq, Erasure>();
  /** Of each message id whose keys were erased, under which event's id. */
  readonly #erasedKeys = new Map<string, EventId>();

  /** Writes all of it or, throwing `NotWritten`, nothing. */
  append(append: Append): void {
    const keys = append.keys.map((key) => ({ key: { ...key }, written: writtenOfKey(append, key) }));
    for (const row of append.rows) this.#putRow(this.#withoutErased(row));
    for (const key of keys) this.#putKey(key);
  }

  read(range: RowRange): LogRow[] {
    const [start, end] = [this.#firstAt(range.from), this.#firstAt(range.to + 1)];
    const limit = Math.max(range.limit, 0);
    const rows = range.downward ? this.#downward(start, end, limit) : this.#rows.slice(start, end);
    const found = rows.slice(0, limit);
    const count = rowsUntil(
      range.bytesEnough,
      found.map(({ event }) => event.byteLength),
    );
    return found.slice(0, count).map(copyRow);
  }

  findKeys(author: string, clientMsgId: string): MessageKey[] {
    return (this.#keys.get(keyName(author, clientMsgId)) ?? []).map(({ key }) => ({ ...key }));
  }

  erase(erasure: Erasure): void {
    if (erasure.clientMsgId !== "") this.#eraseKeys(erasure);
    const present = this.#erasures.get(erasure.seq);
    if (present && present.written >= erasure.written) return;
    this.#erasures.set(erasure.seq, { ...erasure, event: new Uint8Array(erasure.event) });
    const [start, end] = [this.#firstAt(erasure.seq), this.#firstAt(erasure.seq + 1)];
    for (let at = start; at < end; at++) this.#rows[at] = this.#withoutErased(this.#rows[at]!);
  }

  #eraseKeys({ author, clientMsgId, written }: Erasure): void {
    const name = keyName(author, clientMsgId);
    if ((this.#erasedKeys.get(name) ?? 0) >= written) return;
    this.#erasedKeys.set(name, written);
    const all = this.#keys.get(name) ?? [];
    for (const [at, stored] of all.entries()) all[at] = this.#withoutHash(name, stored);
  }

  #withoutHash(name: string, stored: StoredKey): StoredKey {
    const erased = this.#erasedKeys.get(name) ?? 0;
    if (erased <= stored.written) return stored;
    return { key: { ...stored.key, bodyHash: "" }, written: erased };
  }

  #withoutErased(row: LogRow): LogRow {
    const erasure = this.#erasures.get(row.seq);
    return erasure && erasure.written > row.id ? { ...row, event: erasure.event } : row;
  }

  #putRow(row: LogRow): void {
    let at = this.#rows.length;
    const newest = this.#rows[at - 1];
    if (newest && newest.seq >= row.seq) {
      at = this.#firstAt(row.seq);
      for (let next = this.#rows[at]; next?.seq === row.seq && next.epoch > row.epoch; next = this.#rows[at])
        at++;
      const present = this.#rows[at];
      if (present?.seq === row.seq && present.epoch === row.epoch) {
        if (row.id > present.id) this.#rows[at] = copyRow(row);
        return;
      }
    }
    if (at === this.#rows.length) this.#rows.push(copyRow(row));
    else this.#rows.splice(at, 0, copyRow(row));
  }

  #putKey(given: StoredKey): void {
    const name = keyName(given.key.author, given.key.clientMsgId);
    const stored = this.#withoutHash(name, given);
    const all = this.#keys.get(name);
    if (!all) {
      this.#keys.set(name, [stored]);
      return;
    }
    const at = all.findIndex(({ key }) => key.epoch === stored.key.epoch);
    const present = all[at];
    if (!present) all.push(stored);
    else if (stored.written > present.written) all[at] = stored;
  }

  /** Index of the first row with at least this `seq`. */
  #firstAt(seq: Seq): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rows[middle]!.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows of [start, end) with the highest `seq` first, within one still by descending epoch. */
  #downward(start: number, end: number, limit: number): LogRow[] {
    const found: LogRow[] = [];
    for (let stop = end; stop > start && found.length < limit; ) {
      let first = stop - 1;
      while (first > start && this.#rows[first - 1]!.seq === this.#rows[first]!.seq) first--;
      found.push(...this.#rows.slice(first, stop));
      stop = first;
    }
    return found;
  }
}

function copyRow(row: LogRow): LogRow {
  return { ...row, event: new Uint8Array(row.event) };
}

/** The length keeps two pairs that read the same apart. */
function keyName(author: string, clientMsgId: string): string {
  return `${author.length} ${author}${clientMsgId}`;
}
