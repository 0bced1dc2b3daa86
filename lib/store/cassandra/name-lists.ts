import type { Page } from "../directory-store.js";
import { makePage } from "../page.js";
import type { Columns } from "./columns.js";
import type { Requests } from "./requests.js";

/**
 * The names of a workspace are spread over so many partitions, so that a large workspace's stay small and
 * those who make names at once seldom meet; a list reads all of them side by side.
 */
const shardCount = 8;
/** Most rows that are asked of a partition at a time. */
const pageRowsMax = 500;

/** The partition of a name, by FNV-1a over its code units. */
export function shardOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % shardCount;
}

interface NameList<Row> {
  readonly requests: Requests;
  /** Table with the partition key (workspace_id, shard), in the order of names. */
  readonly table: string;
  readonly columns: Columns<Row & object>;
  readonly workspace: string;
  readonly after: string;
  readonly limit: number;
  isWanted(row: Row): boolean;
}

/** A page of a workspace's rows in the order of their names, by UTF-8. */
export async function listByName<Row extends { readonly name: string }>(
  list: NameList<Row>,
): Promise<Page<Row>> {
  const shards = Array.from({ length: shardCount }, (_, shard) => firstOf(list, shard));
  const found = (await Promise.all(shards)).flat();
  found.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return makePage(found, list.limit, ({ name }) => name);
}

/** The first rows of a shard that are wanted: one more than the page, if there are so many. */
async function firstOf<Row extends { readonly name: string }>(
  list: NameList<Row>,
  shard: number,
): Promise<Row[]> {
  const { requests, table, columns, workspace, after, limit, isWanted } = list;
  const query = `SELECT ${columns.names} FROM ${table} WHERE workspace_id = ? AND shard = ? AND name > ?`;
  const wanted = Math.max(limit, 1) + 1;
  const rows: Row[] = [];
  const fetchSize = Math.min(wanted, pageRowsMax);
  let next: string | undefined;
  do {
    const options = next === undefined ? { fetchSize } : { fetchSize, pageState: next };
    const page = await requests.page("list", { query, params: [workspace, shard, after] }, options);
    rows.push(...page.rows.map((row) => columns.row(row) as Row).filter(isWanted));
    next = page.next;
  } while (next !== undefined && rows.length < wanted);
  return rows.slice(0, wanted);
}
