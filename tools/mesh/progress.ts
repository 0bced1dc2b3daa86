/** Every so often it is said what is still waited for, in ms. */
const stillMs = 10_000;

/** Tells a person how far a start is, and what it waits for. */
export class Progress {
  readonly #began = performance.now();
  readonly #open = new Set<string>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly say: (line: string) => void) {}

  /** Milliseconds since it was made. */
  get ms(): number {
    return Math.round(performance.now() - this.#began);
  }

  /** Begins to say what is waited for, until `close`. */
  open(): void {
    this.#timer ??= setInterval(() => this.#still(), stillMs).unref();
  }

  /** Names what goes on until the work ends. */
  async during<Result>(what: string, work: Promise<Result>): Promise<Result> {
    this.#open.add(what);
    try {
      const result = await work;
      this.tell(`${what}: ready`);
      return result;
    } finally {
      this.#open.delete(what);
    }
  }

  tell(line: string): void {
    this.say(`${(this.ms / 1000).toFixed(1).padStart(5)} s  ${line}`);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #still(): void {
    if (this.#open.size > 0) this.tell(`waiting for ${[...this.#open].join(", ")}`);
  }
}
