import { createHash } from "node:crypto";
import type { TableSpec } from "./migrations.js";

/** How many replicas a keyspace has: in each data centre, or whatever the centres are. */
export type Replication =
  | { readonly replicas: number }
  | { readonly byDatacenter: Readonly<Record<string, number>> };

/** Whether the text is a name that needs no quotes. */
export function isKeyspace(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,47}$/.test(text);
}

/** @throws Error if the text is no name that needs no quotes. */
export function checkedKeyspace(text: string): string {
  if (isKeyspace(text)) return text;
  throw new Error(
    `a keyspace is named by up to 48 lower-case letters, digits and _, not ${JSON.stringify(text)}`,
  );
}

/** The statement that makes a keyspace, if there is none. */
export function createKeyspace(keyspace: string, replication: Replication): string {
  const options =
    "replicas" in replication
      ? { class: "SimpleStrategy", replication_factor: replication.replicas }
      : { class: "NetworkTopologyStrategy", ...replication.byDatacenter };
  const map = Object.entries(options).map(([name, value]) => `${quoted(name)}: ${quoted(String(value))}`);
  return `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {${map.join(", ")}}`;
}

/**
 * The statement that makes a table, if there is none. Its id follows from its name: two nodes that are told
 * at once to make a table both do, and only if both gave it the same id is it one table afterwards.
 * @param hasReadRepair whether tables of the cluster have this option: ScyllaDB's have not, and do as if
 */
export function createTable(keyspace: string, table: TableSpec, hasReadRepair: boolean): string {
  const { name, columns, order } = table;
  const options = [
    `ID = '${tableId(keyspace, name)}'`,
    ...(order ? [`CLUSTERING ORDER BY (${order})`] : []),
    ...(hasReadRepair ? ["read_repair = 'BLOCKING'"] : []),
    // Brings an erased text and what it was erased by together, and a partition into few files.
    "compaction = {'class': 'LeveledCompactionStrategy'}",
  ];
  return `CREATE TABLE IF NOT EXISTS ${keyspace}.${name} (${columns}) WITH ${options.join(" AND ")}`;
}

/** An id in the form of version 5: a hash of the names. */
function tableId(keyspace: string, table: string): string {
  const hash = createHash("sha1").update(`confab ${keyspace} ${table}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
