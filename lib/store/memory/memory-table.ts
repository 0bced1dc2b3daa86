import { isDeepStrictEqual } from "node:util";
import type { Page } from "../directory-store.js";
import { makePage } from "../page.js";

/** Rows by key, some of which have a second name that no other row may have. */
export class MemoryTable<Row extends object> {
  readonly #rows = new Map<string, Row>();
  readonly #keys = new Map<string, string>();

  /**
   * Adds the row unless its key or name is taken.
   * @param name unique among all rows; undefined if the row has none.
   * @returns whether the row is there now, be it since an earlier time.
   */
  create(key: string, name: string | undefined, row: Row): boolean {
    const present = this.#rows.get(key);
    if (present) return isDeepStrictEqual(present, row);
    if (name !== undefined && this.#keys.has(name)) return false;
    this.#rows.set(key, { ...row });
    if (name !== undefined) this.#keys.set(name, key);
    return true;
  }

  find(key: string): Row | undefined {
    const row = this.#rows.get(key);
    return row && { ...row };
  }

  findByName(name: string): Row | undefined {
    const key = this.#keys.get(name);
    return key === undefined ? undefined : this.find(key);
  }

  /** The rows that `belongs` picks, in the order of their cursors. */
  list(
    belongs: (row: Row) => boolean,
    cursor: (row: Row) => string,
    after: string,
    limit: number,
  ): Page<Row> {
    const rows = [...this.#rows.values()].filter((row) => belongs(row) && cursor(row) > after);
    rows.sort((a, b) => (cursor(a) < cursor(b) ? -1 : 1));
    const page = makePage(rows, limit, cursor);
    return { rows: page.rows.map((row) => ({ ...row })), next: page.next };
  }
}
