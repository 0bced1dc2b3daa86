/** How one socket got one channel. */
export class FollowTally {
  deliveries = 0;
  duplicate = 0;
  reordered = 0;
  #next = Number.POSITIVE_INFINITY;
  readonly #holes = new Set<number>();

  /** Delivery begins behind this `seq`. */
  begin(seq: number): void {
    if (this.#next === Number.POSITIVE_INFINITY) this.#next = seq + 1;
  }

  /** An event came. One that comes after a higher one is reordered; one that came before is a duplicate. */
  got(seq: number): void {
    this.deliveries++;
    if (seq >= this.#next) {
      for (let hole = this.#next; hole < seq; hole++) this.#holes.add(hole);
      this.#next = seq + 1;
    } else if (this.#holes.delete(seq)) this.reordered++;
    else this.duplicate++;
  }

  /** Events that did not come, when the channel's newest is this one. */
  missing(newest: number): number {
    if (this.#next === Number.POSITIVE_INFINITY) return newest;
    return this.#holes.size + Math.max(0, newest + 1 - this.#next);
  }
}
