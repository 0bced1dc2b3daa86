import type { ChannelId } from "../../../lib/ids/ids.js";
import { erasedEpoch } from "../../../lib/store/cassandra/erased-rows.js";
import { logColumns } from "../../../lib/store/cassandra/tables.js";
import type { Append, LogRow } from "../../../lib/store/log-store.js";
import { type Condition, type Parsed, type Put, parse, type Remove, type Term } from "./cql.js";
import type { Change, Mutation } from "./mutation.js";
import type { Key, Slice } from "./partition.js";
import { never, type Row } from "./row.js";
import type { Table, Value } from "./table.js";

/** A statement as the driver gets it. */
export interface Statement {
  readonly query: string;
  readonly params: readonly unknown[];
}

/** A number of 64 bits, as the driver hands it out. */
class Whole {
  constructor(private readonly value: number) {}

  toNumber(): number {
    return this.value;
  }
}

export function termValue(term: Term, params: readonly unknown[]): Value {
  return "param" in term ? (params[term.param] as Value) : term.constant;
}

/** Where a statement reads or writes: a partition, and some of its rows. */
export function placeOf(
  { table, where }: Pick<Parsed, "table" | "where">,
  params: readonly unknown[],
): { partition: string; slice: Slice } {
  const find = (column: string) => where.filter((condition) => condition.column === column);
  const values = table.partition.map((column) => {
    const [condition] = find(column);
    if (condition?.operator !== "=") throw new Error(`${table.name}: ${column} must be given`);
    return termValue(condition.term, params);
  });
  const prefix: Value[] = [];
  let bounds: Pick<Slice, "low" | "high"> = {};
  for (const column of table.clustering) {
    const conditions = find(column);
    const equal = conditions.find(({ operator }) => operator === "=");
    if (!equal) {
      bounds = boundsOf(conditions, params);
      break;
    }
    prefix.push(termValue(equal.term, params));
  }
  return { partition: JSON.stringify(values), slice: { prefix, ...bounds } };
}

function boundsOf(conditions: readonly Condition[], params: readonly unknown[]) {
  const bound = (sign: string) => {
    const condition = conditions.find(({ operator }) => operator.startsWith(sign));
    if (!condition) return undefined;
    return { value: termValue(condition.term, params), included: condition.operator.endsWith("=") };
  };
  return { low: bound(">"), high: bound("<") };
}

/**
 * What statements that write have replicas do: all or nothing, for they must lie in one partition.
 *
 * @param nowUs timestamp of writes that bring none
 */
export function mutationOf(statements: readonly Statement[], nowUs: () => number): Mutation {
  let partition: string | undefined;
  const changes: Change[] = [];
  const parts = statements.map(({ query, params }) => ({ parsed: parse(query), params }));
  for (const { parsed, params } of parts) {
    if (parsed.kind === "select") throw new Error("a query writes nothing");
    const place = placeOf(parsed, params);
    if (partition !== undefined && place.partition !== partition) {
      throw new Error(`a batch of two partitions: ${partition} and ${place.partition}`);
    }
    partition = place.partition;
    changes.push(changeOf(parsed, params, place.slice, nowUs));
  }
  if (partition === undefined) throw new Error("nothing to write");
  return { partition, changes, append: appendOf(changes, partition) };
}

export function changeOf(
  parsed: Put | Remove,
  params: readonly unknown[],
  slice: Slice,
  nowUs: () => number,
): Change {
  const { table } = parsed;
  const stamp = parsed.timestamp ? (termValue(parsed.timestamp, params) as number) : nowUs();
  const isWhole = slice.prefix.length === table.clustering.length;
  if (parsed.kind === "remove") {
    if (!isWhole) return { table, tombstone: { slice, deletedAt: stamp } };
    const none = { values: table.columns.map(() => undefined), stamps: table.columns.map(() => never) };
    return { table, key: slice.prefix, row: { marker: never, deleted: stamp, ...none } };
  }
  if (!isWhole) throw new Error(`${table.name}: a write needs the whole key`);
  const values: (Value | undefined)[] = table.columns.map(() => undefined);
  const stamps = table.columns.map(() => never);
  for (const { column, term } of parsed.cells) {
    const at = table.columns.indexOf(column);
    values[at] = termValue(term, params);
    stamps[at] = stamp;
  }
  const marker = parsed.makesRow ? stamp : never;
  return { table, key: slice.prefix, row: { marker, deleted: never, values, stamps } };
}

/** A row as the driver hands it out: the columns that were asked for, by name. */
export function cellsOf(table: Table, partition: string, key: Key, row: Row): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const put = (column: string, value: Value | undefined) => {
    const isWhole = typeof value === "number" && table.wholes.has(column);
    found[column] = value === undefined ? null : isWhole ? new Whole(value) : value;
  };
  const values = JSON.parse(partition) as Value[];
  for (const [at, column] of table.partition.entries()) put(column, values[at]);
  for (const [at, column] of table.clustering.entries()) put(column, key[at]);
  for (const [at, column] of table.columns.entries()) put(column, row.values[at]);
  return found;
}

/** The append that the changes are, if they are one. */
function appendOf(changes: readonly Change[], partition: string): Append | undefined {
  const rows: LogRow[] = [];
  for (const change of changes) {
    if (change.table.name !== "log" || !("row" in change)) continue;
    if (change.key[1] === erasedEpoch || change.row.marker === never) continue;
    rows.push(logColumns.row(cellsOf(change.table, partition, change.key, change.row) as never));
  }
  if (rows.length === 0) return undefined;
  const [channel, bucket] = JSON.parse(partition) as [ChannelId, number];
  return { channel, bucket, rows, keys: [] };
}
