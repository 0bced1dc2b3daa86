import type { Page } from "./directory-store.js";
import type { LogRow, RowRange } from "./log-store.js";

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

/** How many of the rows, each with an event of so many bytes, an answer holds. */
export function rowsUntil(bytesEnough: number, sizes: readonly number[]): number {
  let bytes = 0;
  const last = sizes.findIndex((size) => {
    bytes += size;
    return bytes >= bytesEnough;
  });
  return last < 0 ? sizes.length : last + 1;
}

/** Whether there may be more rows in the range behind those that were answered. */
export function isCut({ limit, bytesEnough }: RowRange, rows: readonly LogRow[]): boolean {
  return rows.length >= limit || rows.reduce((sum, row) => sum + row.event.byteLength, 0) >= bytesEnough;
}
