import { grown } from "./grown.js";

const slotsMin = 16;

/**
 * Rows of two numbers each, found by both: columns in typed arrays beside a hash with open addressing. No
 * pair is in it twice. It takes 8 bytes a row and 5 to 11 of the hash; just after it has grown, 24 in all.
 */
export class PairTable {
  #left = new Int32Array(slotsMin / 2);
  #right = new Int32Array(slotsMin / 2);
  /** Row + 1 at the place of its pair or behind that; 0 is free. At most three quarters are taken. */
  #slots = new Int32Array(slotsMin);
  /** First free row, whose `left` is the next one; -1 if none. */
  #free = -1;
  /** Rows from here on were never used. */
  #end = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** How many rows there is room for: all rows are below this. */
  get capacity(): number {
    return this.#left.length;
  }

  get bytes(): number {
    return this.#left.byteLength + this.#right.byteLength + this.#slots.byteLength;
  }

  left(row: number): number {
    return this.#left[row]!;
  }

  right(row: number): number {
    return this.#right[row]!;
  }

  /** The pair's row, or -1. */
  find(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    for (let at = hashOf(left, right) & mask; ; at = (at + 1) & mask) {
      const row = this.#slots[at]! - 1;
      if (row < 0 || (this.#left[row] === left && this.#right[row] === right)) return row;
    }
  }

  /** Adds a pair that is not here; returns its row. */
  add(left: number, right: number): number {
    const row = this.#takeRow();
    this.#left[row] = left;
    this.#right[row] = right;
    if (this.#count >= this.#slots.length * 0.75) this.#rehash();
    this.#putSlot(row);
    this.#count++;
    return row;
  }

  remove(row: number): void {
    this.#clearSlot(row);
    this.#left[row] = this.#free;
    this.#free = row;
    this.#count--;
  }

  #takeRow(): number {
    const row = this.#free;
    if (row >= 0) {
      this.#free = this.#left[row]!;
      return row;
    }
    if (this.#end === this.capacity) {
      this.#left = grown(this.#left, this.capacity * 2);
      this.#right = grown(this.#right, this.capacity);
    }
    return this.#end++;
  }

  #rehash(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2);
    for (const slot of before) if (slot > 0) this.#putSlot(slot - 1);
  }

  #putSlot(row: number): void {
    const mask = this.#slots.length - 1;
    let at = this.#homeOf(row);
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = row + 1;
  }

  /** Moves up what stands behind, so that nothing is ever sought across a free slot. */
  #clearSlot(row: number): void {
    const mask = this.#slots.length - 1;
    let gap = this.#homeOf(row);
    while (this.#slots[gap] !== row + 1) gap = (gap + 1) & mask;
    for (let at = (gap + 1) & mask; this.#slots[at] !== 0; at = (at + 1) & mask) {
      const home = this.#homeOf(this.#slots[at]! - 1);
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      this.#slots[gap] = this.#slots[at]!;
      gap = at;
    }
    this.#slots[gap] = 0;
  }

  #homeOf(row: number): number {
    return hashOf(this.#left[row]!, this.#right[row]!) & (this.#slots.length - 1);
  }
}

/** Mixes as MurmurHash3 does at its end. */
function hashOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) + right;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
