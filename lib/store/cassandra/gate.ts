/** Lets so many through at a time, the others in the order in which they came. */
export class Gate {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param insideMax most that are inside at a time
   * @param waitingMax most that wait
   */
  constructor(
    private readonly insideMax: number,
    private readonly waitingMax: number,
  ) {}

  /** How many are inside or wait. */
  get size(): number {
    return this.#inside + this.#waiting.length;
  }

  /** Whether one more would have to be turned away. */
  get isFull(): boolean {
    return this.#waiting.length >= this.waitingMax;
  }

  /** Resolves when inside; then `leave` must follow. */
  async enter(): Promise<void> {
    if (this.#inside < this.insideMax) {
      this.#inside++;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#inside--;
  }
}
