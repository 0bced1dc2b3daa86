import { migrations, type TableSpec } from "../../../lib/store/cassandra/migrations.js";

/** A value as the driver takes it. */
export type Value = string | number | boolean | Buffer;

/** A table of the Cassandra store, as its migrations make it. */
export interface Table {
  readonly name: string;
  /** Columns of the partition key, and those by which the rows of a partition lie in order. */
  readonly partition: readonly string[];
  readonly clustering: readonly string[];
  /** Rows are read from the last one on unless a query says otherwise. */
  readonly descending: boolean;
  /** All other columns; a row's values have this order. */
  readonly columns: readonly string[];
  /** Columns whose values the driver hands out as objects. */
  readonly wholes: ReadonlySet<string>;
}

/** All tables, by name. */
const tables: ReadonlyMap<string, Table> = new Map(
  migrations.flat().map((spec) => [spec.name, tableOf(spec)]),
);

/** The table of that name; throws if the store has none. */
export function tableNamed(name: string): Table {
  const table = tables.get(name);
  if (!table) throw new Error(`no table ${name}`);
  return table;
}

function tableOf({ name, columns: text, order }: TableSpec): Table {
  const flat = text.replace(/\s+/g, " ").trim();
  const declared = /PRIMARY KEY \((.*)\)$/.exec(flat)?.[1];
  const parts = flat.replace(/, PRIMARY KEY \(.*\)$/, "").split(",");
  const types = new Map<string, string>();
  let alone = "";
  for (const part of parts) {
    const [column = "", type = "", ...rest] = part.trim().split(" ");
    types.set(column, type);
    if (rest.length > 0) alone = column;
  }
  const { partition, clustering } = keyOf(declared ?? alone);
  const keys = new Set([...partition, ...clustering]);
  return {
    ...{ name, partition, clustering, descending: order?.includes("DESC") ?? false },
    columns: [...types.keys()].filter((column) => !keys.has(column)),
    wholes: new Set([...types].filter(([, type]) => type === "bigint").map(([column]) => column)),
  };
}

function keyOf(declared: string): Pick<Table, "partition" | "clustering"> {
  const names = (list: string) => list.split(",").map((one) => one.trim());
  const compound = /^\(([^)]*)\)(?:, (.*))?$/.exec(declared);
  if (compound) {
    return { partition: names(compound[1]!), clustering: compound[2] ? names(compound[2]) : [] };
  }
  const [first = "", ...clustering] = names(declared);
  return { partition: [first], clustering };
}
