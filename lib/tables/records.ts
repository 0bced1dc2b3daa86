/** Records of one chunk, a power of two, and its exponent. */
const chunkBits = 14;
const chunkRecords = 2 ** chunkBits;

/**
 * Numbered records of a few integers of 32 bits each. They lie in chunks of 16,384, so that growing is the
 * allocation of one more chunk and copies nothing. Chunks are never given back: what was needed once may be
 * needed again.
 */
export class Records {
  readonly #chunks: Int32Array[] = [];
  /** First of the freed records; each names the next in its first field. */
  #free = 0;
  /** Records that were ever used. The number 0 is nobody's: it says that there is none. */
  #used = 1;
  #size = 0;

  /** @param fields integers of a record */
  constructor(private readonly fields: number) {}

  /** Records in use. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#chunks.length * chunkRecords * this.fields * Int32Array.BYTES_PER_ELEMENT;
  }

  /** A record of which nothing is known yet; its number, from 1. */
  add(): number {
    this.#size++;
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.get(free, 0);
      return free;
    }
    if (this.#used >>> chunkBits >= this.#chunks.length) {
      this.#chunks.push(new Int32Array(chunkRecords * this.fields));
    }
    return this.#used++;
  }

  remove(record: number): void {
    this.set(record, 0, this.#free);
    this.#free = record;
    this.#size--;
  }

  get(record: number, field: number): number {
    return this.#chunks[record >>> chunkBits]![(record & (chunkRecords - 1)) * this.fields + field]!;
  }

  set(record: number, field: number, value: number): void {
    this.#chunks[record >>> chunkBits]![(record & (chunkRecords - 1)) * this.fields + field] = value;
  }
}
