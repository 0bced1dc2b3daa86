/** Integers of a cell: the two halves of an id and the value, 0 in a cell that is free. */
const cellInts = 3;
const cellsMin = 8;

/**
 * Maps ids of 64 bits (two integers of 32) to positive integers of 31 bits: open addressing with linear
 * probing in one typed array, three eighths to three quarters full, so 16 to 32 bytes an id. A removal moves
 * what follows back (Knuth, The Art of Computer Programming, vol. 3, §6.4, algorithm R): no tombstones.
 *
 * Growing doubles the array and places all cells anew, at about 0.1 µs each, while everything waits: keep
 * several small tables rather than one of millions.
 */
export class IdTable {
  #cells = new Int32Array(cellsMin * cellInts);
  #mask = cellsMin - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#cells.byteLength;
  }

  /** The value of an id; 0 if it has none. */
  get(high: number, low: number): number {
    return this.#cells[this.#find(high, low) + 2]!;
  }

  /** @param value from 1 */
  set(high: number, low: number, value: number): void {
    const at = this.#find(high, low);
    if (this.#cells[at + 2] !== 0) {
      this.#cells[at + 2] = value;
      return;
    }
    this.#write(at, high, low, value);
    this.#size++;
    const cells = this.#mask + 1;
    if (this.#size * 4 > cells * 3) this.#resize(cells * 2);
  }

  delete(high: number, low: number): void {
    let free = this.#find(high, low);
    if (this.#cells[free + 2] === 0) return;
    this.#size--;
    for (let at = this.#next(free); this.#cells[at + 2] !== 0; at = this.#next(at)) {
      const home = this.#home(this.#cells[at]!, this.#cells[at + 1]!);
      // What would be before its home in the free cell stays where it is.
      if (this.#distance(home, at) < this.#distance(free, at)) continue;
      this.#cells.copyWithin(free, at, at + cellInts);
      free = at;
    }
    this.#write(free, 0, 0, 0);
    const cells = this.#mask + 1;
    if (cells > cellsMin && this.#size * 8 < cells) this.#resize(cells / 2);
  }

  /** Calls for each id, in no order that means anything; the table must not change meanwhile. */
  forEach(call: (high: number, low: number, value: number) => void): void {
    const cells = this.#cells;
    for (let at = 0; at < cells.length; at += cellInts) {
      if (cells[at + 2] !== 0) call(cells[at]!, cells[at + 1]!, cells[at + 2]!);
    }
  }

  /** Where the id is, or else the free cell in which it would be. */
  #find(high: number, low: number): number {
    const cells = this.#cells;
    let at = this.#home(high, low);
    while (cells[at + 2] !== 0 && (cells[at] !== high || cells[at + 1] !== low)) at = this.#next(at);
    return at;
  }

  /** The finalizer of MurmurHash3: ids that differ in any bit go anywhere. */
  #home(high: number, low: number): number {
    let hash = Math.imul(high, 0x9e3779b1) ^ low;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) & this.#mask) * cellInts;
  }

  #next(at: number): number {
    return at + cellInts < this.#cells.length ? at + cellInts : 0;
  }

  /** How far one has to go on from a cell to the other. */
  #distance(from: number, to: number): number {
    return to >= from ? to - from : to - from + this.#cells.length;
  }

  #write(at: number, high: number, low: number, value: number): void {
    this.#cells[at] = high;
    this.#cells[at + 1] = low;
    this.#cells[at + 2] = value;
  }

  #resize(cells: number): void {
    const before = this.#cells;
    this.#cells = new Int32Array(cells * cellInts);
    this.#mask = cells - 1;
    for (let at = 0; at < before.length; at += cellInts) {
      if (before[at + 2] === 0) continue;
      this.#write(this.#find(before[at]!, before[at + 1]!), before[at]!, before[at + 1]!, before[at + 2]!);
    }
  }
}
