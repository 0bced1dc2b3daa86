import { grown } from "./grown.js";

/**
 * Lists of rows, each row in at most one of them, in the order in which they were appended: links in typed
 * arrays, 8 bytes a row and 8 bytes a list. Everything but making room takes the same time however long lists
 * are.
 */
export class RowLists {
  /** Next row + 1; 0 at the end. */
  #next = new Int32Array(8);
  /** The row before; of a list's first row it is the last. */
  #before = new Int32Array(8);
  /** First row + 1; 0 if the list is empty. */
  #first = new Int32Array(8);
  #sizes = new Int32Array(8);

  get bytes(): number {
    const links = this.#next.byteLength + this.#before.byteLength;
    return links + this.#first.byteLength + this.#sizes.byteLength;
  }

  /** Makes room for all rows and lists below these. */
  reserve(rows: number, lists: number): void {
    if (rows > this.#next.length) {
      this.#next = grown(this.#next, rows);
      this.#before = grown(this.#before, rows);
    }
    if (lists > this.#first.length) {
      const length = Math.max(lists, this.#first.length * 2);
      this.#first = grown(this.#first, length);
      this.#sizes = grown(this.#sizes, length);
    }
  }

  /** The list's first row, or -1. */
  first(list: number): number {
    return this.#first[list]! - 1;
  }

  /** The row behind a row in its list, or -1. */
  next(row: number): number {
    return this.#next[row]! - 1;
  }

  size(list: number): number {
    return this.#sizes[list]!;
  }

  append(list: number, row: number): void {
    const first = this.first(list);
    this.#next[row] = 0;
    if (first < 0) {
      this.#first[list] = row + 1;
      this.#before[row] = row;
    } else {
      const last = this.#before[first]!;
      this.#next[last] = row + 1;
      this.#before[row] = last;
      this.#before[first] = row;
    }
    this.#sizes[list]!++;
  }

  remove(list: number, row: number): void {
    const first = this.first(list);
    const next = this.next(row);
    const before = this.#before[row]!;
    if (row === first) this.#first[list] = next + 1;
    else this.#next[before] = next + 1;
    if (next >= 0) this.#before[next] = before;
    else if (row !== first) this.#before[first] = before;
    this.#sizes[list]!--;
  }
}
