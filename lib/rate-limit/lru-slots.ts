/** Numbers a bounded set of keys; with no number free, the key that was used longest ago gives up its own. */
export class LruSlots {
  readonly #slots = new Map<string, number>();
  readonly #keys: string[] = [];
  /** Neighbours in the order of use; the slot `#end` stands before the newest and after the oldest. */
  readonly #older: Uint32Array;
  readonly #newer: Uint32Array;
  readonly #end: number;

  constructor(private readonly keysMax: number) {
    this.#end = keysMax;
    this.#older = new Uint32Array(keysMax + 1).fill(keysMax);
    this.#newer = new Uint32Array(keysMax + 1).fill(keysMax);
  }

  /** The key's slot, without using it; undefined if it has none. */
  peek(key: string): number | undefined {
    return this.#slots.get(key);
  }

  /** The key's slot, now the most recently used; `isNew` if it was another key's or nobody's. */
  use(key: string): { readonly slot: number; readonly isNew: boolean } {
    const known = this.#slots.get(key);
    if (known !== undefined) {
      this.#unlink(known);
      this.#linkNewest(known);
      return { slot: known, isNew: false };
    }
    const slot = this.#slots.size < this.keysMax ? this.#slots.size : this.#takeOldest();
    this.#slots.set(key, slot);
    this.#keys[slot] = key;
    this.#linkNewest(slot);
    return { slot, isNew: true };
  }

  #takeOldest(): number {
    const oldest = this.#newer[this.#end]!;
    this.#unlink(oldest);
    this.#slots.delete(this.#keys[oldest]!);
    return oldest;
  }

  #unlink(slot: number): void {
    const [older, newer] = [this.#older[slot]!, this.#newer[slot]!];
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }

  #linkNewest(slot: number): void {
    const newest = this.#older[this.#end]!;
    this.#newer[newest] = slot;
    this.#older[slot] = newest;
    this.#newer[slot] = this.#end;
    this.#older[this.#end] = slot;
  }
}
