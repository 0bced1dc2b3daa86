import type { LogRow } from "../log-store.js";

/**
 * The epoch of the rows that say what was erased. They lie among the rows of the log, with the erasure's
 * event and id in place of a row's, so that a read of a range finds both; no writer ever has this epoch.
 */
export const erasedEpoch = Number.MAX_SAFE_INTEGER;

/** Rows of the log in the order of a read, without what was erased of them. */
export class RowGroups {
  /** Rows of the `seq`s that are complete. */
  readonly #done: LogRow[] = [];
  #group: LogRow[] = [];
  #bytes = 0;

  /** @param downward whether the rows come by descending `seq` and epoch, else ascending by both */
  constructor(private readonly downward: boolean) {}

  /** How many rows there are of `seq`s that are complete: the last one may have more. */
  get whole(): number {
    return this.#done.length;
  }

  /** Bytes of the events of those rows. */
  get bytes(): number {
    return this.#bytes;
  }

  add(row: LogRow): void {
    if (this.#group[0] && this.#group[0].seq !== row.seq) this.#end();
    this.#group.push(row);
  }

  /** All of them, within one `seq` by descending epoch; no more will come. */
  rows(limit: number): LogRow[] {
    this.#end();
    return this.#done.slice(0, limit);
  }

  #end(): void {
    const group = this.downward ? this.#group : this.#group.reverse();
    const erasure = group[0]?.epoch === erasedEpoch ? group.shift() : undefined;
    for (const found of group) {
      const row = erasure ? without(found, erasure) : found;
      this.#done.push(row);
      this.#bytes += row.event.byteLength;
    }
    this.#group = [];
  }
}

function without(row: LogRow, erasure: LogRow): LogRow {
  return erasure.id > row.id ? { ...row, event: erasure.event } : row;
}
