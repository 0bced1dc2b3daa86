/** What one connection was given of one channel since it subscribed. */
export class Subscription {
  /** Newest `seq` delivered on it; 0: none. */
  newest = 0;
  private readonly ahead = new Set<number>();
  private skipped: { from: number; to: number }[] = [];

  constructor(
    /** Everything up to here was delivered, or covered by a gap, or not asked for. */
    public position: number,
  ) {}

  /**
   * Takes an event: the `next` one, one that leaves others out (`ahead`), one that came after a newer one
   * (`late`), or one that was not to come (`again`).
   */
  deliver(seq: number): "next" | "ahead" | "late" | "again" {
    if (seq <= this.position || this.ahead.has(seq)) return "again";
    const late = seq < this.newest;
    const next = seq === this.position + 1;
    this.newest = Math.max(this.newest, seq);
    this.ahead.add(seq);
    this.advance();
    if (late) return "late";
    return next ? "next" : "ahead";
  }

  /** Takes a gap. */
  skip(from: number, to: number): void {
    this.skipped.push({ from, to });
    this.advance();
  }

  /** Whether something older than an event delivered was neither delivered nor covered. */
  hasHole(): boolean {
    return this.position < this.newest;
  }

  private advance(): void {
    for (;;) {
      const next = this.position + 1;
      if (this.ahead.delete(next)) this.position = next;
      else {
        const gap = this.skipped.find(({ from, to }) => from <= next && to >= next);
        if (!gap) break;
        this.position = gap.to;
      }
    }
    if (this.skipped.length > 0) this.skipped = this.skipped.filter(({ to }) => to > this.position);
  }
}
