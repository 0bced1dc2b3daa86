import { cellsOf, changeOf, placeOf, type Statement, termValue } from "./bind.js";
import type { Cluster } from "./cluster.js";
import { parse } from "./cql.js";
import type { Mutation } from "./mutation.js";
import { isLive, mergeRows, type Row } from "./row.js";

/** What the driver answers to a conditional write. */
interface Result {
  readonly rows: readonly object[];
  readonly pageState: null;
  wasApplied(): boolean;
  first(): object | null;
}

export function isConditional({ query }: Statement): boolean {
  const parsed = parse(query);
  return parsed.kind === "put" ? parsed.ifAbsent : parsed.kind === "remove" && parsed.conditions.length > 0;
}

/** Decides a conditional write by all that any replica has; what to write, if its condition holds. */
export function carryOutIf(
  cluster: Cluster,
  { query, params }: Statement,
): { mutation: Mutation | undefined; result: Result } {
  const parsed = parse(query);
  if (parsed.kind === "select") throw new Error("a query has no condition");
  const { partition, slice } = placeOf(parsed, params);
  const found = cluster.replicas.flatMap((one) => one.find(parsed.table.name, partition).slice(slice));
  const merged = found
    .map(({ row }) => row)
    .reduce<Row | undefined>((all, row) => (all ? mergeRows(all, row) : row), undefined);
  const present =
    merged && isLive(merged) ? cellsOf(parsed.table, partition, slice.prefix, merged) : undefined;
  const holds =
    parsed.kind === "put"
      ? !present
      : parsed.conditions.every(({ column, term }) => present?.[column] === termValue(term, params));
  const first = () => (holds ? null : (present ?? null));
  const result = { rows: [], pageState: null, wasApplied: () => holds, first };
  if (!holds) return { mutation: undefined, result };
  const changes = [changeOf(parsed, params, slice, () => cluster.nextBallot())];
  return { mutation: { partition, changes }, result };
}
