import type { Log } from "../../lib/log/log.js";

/** Ends a part of the process. */
type Closer = () => Promise<void> | void;

/** What is to be closed at the end, the newest first; one that fails keeps none of the others open. */
export class Closers {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  constructor(private readonly log: Pick<Log, "error">) {}

  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Closes everything; never rejects. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.reverse()) {
      try {
        await close();
      } catch (error) {
        this.log.error({ err: error }, "a part could not be closed; the others are");
      }
    }
  }
}
