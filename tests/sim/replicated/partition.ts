import { compareValues, mergeRows, type Row, shadowed } from "./row.js";
import type { Value } from "./table.js";

/** Values of the clustering columns, or of the first of them. */
export type Key = readonly Value[];

/** Rows that lie together: those whose key begins so, with a bound on the column after that. */
export interface Slice {
  readonly prefix: Key;
  readonly low?: { readonly value: Value; readonly included: boolean } | undefined;
  readonly high?: { readonly value: Value; readonly included: boolean } | undefined;
}

/** A deletion of a slice. */
export interface RangeTombstone {
  readonly slice: Slice;
  readonly deletedAt: number;
}

/** A row and where it lies. */
export interface KeyedRow {
  readonly key: Key;
  readonly row: Row;
}

/** What a replica holds of a partition of one table. */
export class Partition {
  /** Ascending by key. */
  #rows: KeyedRow[] = [];
  #tombstones: RangeTombstone[] = [];

  get tombstones(): readonly RangeTombstone[] {
    return this.#tombstones;
  }

  /** Takes a write of a row in; older cells than those that are there change nothing. */
  apply(key: Key, written: Row): void {
    const row = this.#tombstones.length > 0 ? underTombstones(this.#tombstones, key, written) : written;
    if (!row) return;
    const at = this.#find(key);
    const present = this.#rows[at];
    if (present && compareKeys(present.key, key) === 0) {
      const merged = mergeRows(present.row, row);
      if (merged !== present.row) this.#rows[at] = { key: present.key, row: merged };
    } else if (at === this.#rows.length) this.#rows.push({ key, row });
    else this.#rows.splice(at, 0, { key, row });
  }

  applyTombstone(tombstone: RangeTombstone): void {
    if (this.#tombstones.some((known) => isSameTombstone(known, tombstone))) return;
    this.#tombstones.push(tombstone);
    this.#rows = this.#rows.flatMap(({ key, row }) => {
      const left = isIn(tombstone.slice, key) ? shadowed(row, tombstone.deletedAt) : row;
      return left ? [left === row ? { key, row } : { key, row: left }] : [];
    });
  }

  /** The rows of a slice, ascending. */
  slice(slice: Slice): KeyedRow[] {
    const { prefix, low } = slice;
    const found: KeyedRow[] = [];
    for (let at = this.#find(low ? [...prefix, low.value] : prefix); at < this.#rows.length; at++) {
      const one = this.#rows[at]!;
      if (isIn(slice, one.key)) found.push(one);
      else if (isBehind(slice, one.key)) break;
    }
    return found;
  }

  /** Index of the first row that is not below the key, or would be. */
  #find(key: Key): number {
    let [low, high] = [0, this.#rows.length];
    // Most rows come last.
    if (high > 0 && compareKeys(this.#rows[high - 1]!.key, key) < 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#rows[middle]!.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Compares keys, or the beginning of one with that of the other. */
export function compareKeys(one: Key, other: Key): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const difference = compareValues(one[at]!, other[at]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What is left of a row under deletions; undefined: nothing. */
export function underTombstones(tombstones: readonly RangeTombstone[], key: Key, row: Row): Row | undefined {
  let left: Row | undefined = row;
  for (const { slice, deletedAt } of tombstones)
    if (left && isIn(slice, key)) left = shadowed(left, deletedAt);
  return left;
}

export function isSameTombstone(one: RangeTombstone, other: RangeTombstone): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isIn(slice: Slice, key: Key): boolean {
  const { prefix, low, high } = slice;
  if (prefix.length > 0 && compareKeys(key, prefix) !== 0) return false;
  const next = key[prefix.length];
  if (next === undefined) return true;
  if (low) {
    const above = compareValues(next, low.value);
    if (above < 0 || (above === 0 && !low.included)) return false;
  }
  if (!high) return true;
  const below = compareValues(next, high.value);
  return below < 0 || (below === 0 && high.included);
}

/** Whether the key lies behind all that the slice may hold. */
function isBehind({ prefix, high }: Slice, key: Key): boolean {
  const difference = compareKeys(key, prefix);
  if (difference !== 0) return difference > 0;
  const next = key[prefix.length];
  return high !== undefined && next !== undefined && compareValues(next, high.value) > 0;
}
