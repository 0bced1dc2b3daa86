/** How one client got one channel, over one connection after the other. */
export class FollowTally {
  deliveries = 0;
  duplicate = 0;
  reordered = 0;
  /** Events that came while some of those that the connection had to catch up with had not come. */
  liveBeforeCaughtUp = 0;
  #next = Number.POSITIVE_INFINITY;
  #caughtUpAt = 0;
  readonly #holes = new Set<number>();
  readonly #leftOut = new Set<number>();

  /** Delivery begins behind this `seq`. */
  begin(seq: number): void {
    if (this.#next === Number.POSITIVE_INFINITY) this.#next = seq + 1;
  }

  /** A connection begins when the channel has all events up to this one. */
  resume(newest: number): void {
    this.#caughtUpAt = newest;
  }

  /** An event came. One that comes after a higher one is reordered; one that came before is a duplicate. */
  got(seq: number): void {
    this.deliveries++;
    const isBehind = this.#next <= this.#caughtUpAt || this.#holes.size > 0;
    if (isBehind && seq > this.#caughtUpAt) this.liveBeforeCaughtUp++;
    if (seq >= this.#next) {
      for (let hole = this.#next; hole < seq; hole++) this.#holes.add(hole);
      this.#next = seq + 1;
    } else if (this.#holes.delete(seq)) this.reordered++;
    else this.duplicate++;
  }

  /** The server told that these will not come: they are missing until they are filled in. */
  leaveOut(from: number, to: number): void {
    for (let hole = this.#next; hole < from; hole++) this.#holes.add(hole);
    for (let seq = Math.max(from, this.#next); seq <= to; seq++) this.#leftOut.add(seq);
    this.#next = Math.max(this.#next, to + 1);
  }

  /** An event was read elsewhere. */
  fillIn(seq: number): void {
    this.#leftOut.delete(seq);
  }

  /** Events that did not come, when the channel's newest is this one. */
  missing(newest: number): number {
    if (this.#next === Number.POSITIVE_INFINITY) return newest;
    return this.#holes.size + this.#leftOut.size + Math.max(0, newest + 1 - this.#next);
  }
}
