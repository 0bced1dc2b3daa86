import type { Page } from "./directory-store.js";

/**
 * A page out of rows in the order of their cursors.
 * @param found the rows after the last page: at least one more than `limit`, if there are so many.
 * @param limit most rows of the page; taken as 1 if lower.
 */
export function makePage<Row>(found: readonly Row[], limit: number, cursor: (row: Row) => string): Page<Row> {
  const rows = found.slice(0, Math.max(limit, 1));
  const last = rows.at(-1);
  return { rows, next: last !== undefined && found.length > rows.length ? cursor(last) : "" };
}
