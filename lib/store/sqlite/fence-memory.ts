/**
 * What is known of fences without asking the thread. All of them go through the one queue of the one process
 * that holds the database, and in their order: while no fence of an incarnation that was once found free has
 * even been asked for, every write of it that has ended came before any fence.
 */
export class FenceMemory {
  readonly #free = new Set<string>();
  /** A fence was asked for, whatever became of it: from then on only the database knows. */
  readonly #inDoubt = new Set<string>();

  /** A fence is about to be asked for. */
  fencing(incarnation: string): void {
    this.#inDoubt.add(incarnation);
    this.#free.delete(incarnation);
  }

  /** The database had no fence, at some time before now. */
  foundFree(incarnation: string): void {
    if (!this.#inDoubt.has(incarnation)) this.#free.add(incarnation);
  }

  /** Certainly not fenced now. */
  isFree(incarnation: string): boolean {
    return this.#free.has(incarnation);
  }
}
