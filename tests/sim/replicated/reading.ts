import { cellsOf, placeOf, type Statement, termValue } from "./bind.js";
import { parse, type Select } from "./cql.js";
import type { Change } from "./mutation.js";
import {
  compareKeys,
  isSameTombstone,
  type Key,
  type KeyedRow,
  type RangeTombstone,
  type Slice,
  underTombstones,
} from "./partition.js";
import type { Replica } from "./replica.js";
import { isLive, mergeRows, type Row } from "./row.js";

/** What a replica answers to a query. */
export interface Found {
  readonly rows: readonly KeyedRow[];
  readonly tombstones: readonly RangeTombstone[];
}

/** What a query answers. */
export interface Page {
  readonly rows: Record<string, unknown>[];
  /** Where the next page begins; null at the end. */
  readonly pageState: string | null;
}

/** What one of the replicas lacks of the rows that were answered. */
export type Repair = readonly Change[];

/** A query of one partition. */
export class Query {
  readonly partition: string;
  private readonly select: Select;
  private readonly slice: Slice;
  private readonly limit: number;
  private readonly pageRows: number;
  /** Key of the last row of the page before; undefined on the first one. */
  private readonly after: Key | undefined;

  constructor({ query, params }: Statement, options: { fetchSize?: number; pageState?: unknown } = {}) {
    const parsed = parse(query);
    if (parsed.kind !== "select") throw new Error(`no query: ${query}`);
    const { partition, slice } = placeOf(parsed, params);
    this.select = parsed;
    this.partition = partition;
    this.slice = slice;
    this.limit = parsed.limit ? (termValue(parsed.limit, params) as number) : Number.POSITIVE_INFINITY;
    this.pageRows = options.fetchSize ?? Number.POSITIVE_INFINITY;
    this.after = typeof options.pageState === "string" ? JSON.parse(options.pageState) : undefined;
  }

  /** What a replica has of it now. */
  readAt(replica: Replica): Found {
    const held = replica.find(this.select.table.name, this.partition);
    const { tombstones } = held;
    if (tombstones.length === 0) return { rows: held.slice(this.slice), tombstones };
    const low = this.slice.low?.value;
    const high = this.slice.high?.value;
    const touches = ({ slice: { prefix } }: RangeTombstone) => {
      if (compareKeys(prefix, this.slice.prefix) !== 0) return false;
      const next = prefix[this.slice.prefix.length];
      if (next === undefined) return true;
      return (low === undefined || next >= low) && (high === undefined || next <= high);
    };
    return { rows: held.slice(this.slice), tombstones: tombstones.filter(touches) };
  }

  /** The answer out of those of several replicas, and what each of these lacks of it. */
  answer(found: readonly Found[]): { page: Page; repairs: Repair[] } {
    const { table, turned } = this.select;
    const merged = mergeFound(found);
    if (table.descending !== turned) merged.reverse();
    const rows: Record<string, unknown>[] = [];
    const repairs: Change[][] = found.map(() => []);
    let last: Key | undefined;
    let isMore = false;
    for (const { key, row, held } of merged) {
      if (this.isBefore(key)) continue;
      if (rows.length === this.limit) break;
      if (rows.length === this.pageRows) {
        isMore = true;
        break;
      }
      for (const [at, one] of held.entries()) if (one !== row) repairs[at]!.push({ table, key, row });
      if (!isLive(row)) continue;
      last = key;
      rows.push(this.rowOf(key, row));
    }
    for (const [at, one] of found.entries()) repairs[at]!.push(...this.lackingTombstones(found, one));
    return { page: { rows, pageState: isMore && last ? JSON.stringify(last) : null }, repairs };
  }

  private isBefore(key: Key): boolean {
    if (!this.after) return false;
    const { table, turned } = this.select;
    const difference = compareKeys(key, this.after);
    return table.descending !== turned ? difference >= 0 : difference <= 0;
  }

  private rowOf(key: Key, row: Row): Record<string, unknown> {
    const { table, selected } = this.select;
    const all = cellsOf(table, this.partition, key, row);
    for (const { name, column, stamp } of selected) {
      if (stamp) all[name] = { toNumber: () => row.stamps[table.columns.indexOf(column)]! };
    }
    return all;
  }

  private lackingTombstones(found: readonly Found[], { tombstones }: Found): Change[] {
    const { table } = this.select;
    const all = found.flatMap((one) => (one.tombstones === tombstones ? [] : one.tombstones));
    const lacking = all.filter((one) => !tombstones.some((known) => isSameTombstone(known, one)));
    return lacking.map((tombstone) => ({ table, tombstone }));
  }
}

interface MergedRow extends KeyedRow {
  /** What each of the replicas holds. */
  readonly held: readonly (Row | undefined)[];
}

function mergeFound(found: readonly Found[]): MergedRow[] {
  const tombstones = found.flatMap((one) => one.tombstones);
  const next = found.map(() => 0);
  const merged: MergedRow[] = [];
  for (;;) {
    let key: Key | undefined;
    for (const [at, { rows }] of found.entries()) {
      const candidate = rows[next[at]!]?.key;
      if (candidate && (!key || compareKeys(candidate, key) < 0)) key = candidate;
    }
    if (!key) return merged;
    let row: Row | undefined;
    const held: (Row | undefined)[] = [];
    for (const [at, { rows }] of found.entries()) {
      const one = rows[next[at]!];
      const isHere = one !== undefined && compareKeys(one.key, key) === 0;
      if (isHere) next[at]!++;
      held.push(isHere ? one.row : undefined);
      if (isHere) row = row ? mergeRows(row, one.row) : one.row;
    }
    const left = row && tombstones.length > 0 ? underTombstones(tombstones, key, row) : row;
    if (left) merged.push({ key, row: left, held });
  }
}
