import type { Value } from "./table.js";

/** A timestamp below that of any write. */
export const never = -1;

/** What a replica holds of a row. It is never changed: replicas that hold the same may share it. */
export interface Row {
  /** Timestamp of the newest write that made the row as such; `never`: it is there through its cells only. */
  readonly marker: number;
  /** Timestamp of the deletion of the row: cells and markers up to it are gone. */
  readonly deleted: number;
  /** By the table's columns; undefined where there is no cell. */
  readonly values: readonly (Value | undefined)[];
  /** Write timestamps of the cells; `never` where there is none. */
  readonly stamps: readonly number[];
}

/** Both rows as one: of each cell the higher timestamp stays, of equal ones the larger value. */
export function mergeRows(one: Row, other: Row): Row {
  if (one === other) return one;
  const deleted = Math.max(one.deleted, other.deleted);
  const values: (Value | undefined)[] = [];
  const stamps: number[] = [];
  let [isOne, isOther] = [deleted === one.deleted, deleted === other.deleted];
  for (let at = 0; at < one.values.length; at++) {
    const takesOther = wins(other, one, at);
    const from = takesOther ? other : one;
    const isGone = from.stamps[at]! <= deleted;
    values.push(isGone ? undefined : from.values[at]);
    stamps.push(isGone ? never : from.stamps[at]!);
    isOne &&= isSame(one, at, stamps[at]!, values[at]);
    isOther &&= isSame(other, at, stamps[at]!, values[at]);
  }
  const newest = Math.max(one.marker, other.marker);
  const marker = newest <= deleted ? never : newest;
  if (isOne && marker === one.marker) return one;
  if (isOther && marker === other.marker) return other;
  return { marker, deleted, values, stamps };
}

/** What is left of a row under a deletion of a range that it lies in; undefined: nothing. */
export function shadowed(row: Row, deletedAt: number): Row | undefined {
  if (row.marker > deletedAt && row.stamps.every((stamp) => stamp > deletedAt || stamp === never)) return row;
  const isGone = row.stamps.map((stamp) => stamp <= deletedAt);
  const left = {
    marker: row.marker <= deletedAt ? never : row.marker,
    deleted: row.deleted,
    values: row.values.map((value, at) => (isGone[at] ? undefined : value)),
    stamps: row.stamps.map((stamp, at) => (isGone[at] ? never : stamp)),
  };
  return isEmpty(left) ? undefined : left;
}

/** Whether a query finds the row. */
export function isLive(row: Row): boolean {
  return row.marker !== never || row.values.some((value) => value !== undefined);
}

function isEmpty(row: Row): boolean {
  return !isLive(row) && row.deleted === never;
}

/** Whether the cell at a column takes the place of the rival's. */
function wins(row: Row, rival: Row, at: number): boolean {
  const difference = row.stamps[at]! - rival.stamps[at]!;
  if (difference !== 0) return difference > 0;
  const [value, other] = [row.values[at], rival.values[at]];
  if (value === other || value === undefined || other === undefined) return false;
  return compareValues(value, other) > 0;
}

function isSame(row: Row, at: number, stamp: number, value: Value | undefined): boolean {
  return row.stamps[at] === stamp && (row.values[at] === value || isEqual(row.values[at], value));
}

function isEqual(one: Value | undefined, other: Value | undefined): boolean {
  return one !== undefined && other !== undefined && compareValues(one, other) === 0;
}

/** The order of values within a column, as of their bytes. */
export function compareValues(one: Value, other: Value): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") {
    if (one === other) return 0;
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  }
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return Buffer.compare(one, other);
  return Number(one) - Number(other);
}
