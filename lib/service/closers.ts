import type { Log } from "../log/log.js";

/** Ends a part of the process. */
type Closer = () => Promise<void> | void;

/** What is to be closed at the end, the newest first; one that fails keeps none of the others open. */
export class Closers {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  constructor(private readonly log: Pick<Log, "error">) {}

  /** Whether the end has begun: what is added now is closed at once. */
  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  add(closer: Closer): void {
    if (this.isClosing) void this.#end(closer);
    else this.#closers.push(closer);
  }

  /** Closes everything; never rejects. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.reverse()) await this.#end(close);
  }

  async #end(close: Closer): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.log.error({ err: error }, "a part could not be closed; the others are");
    }
  }
}
