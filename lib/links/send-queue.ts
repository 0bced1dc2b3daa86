/** What a waiting message costs besides its bytes, about. */
const messageOverheadBytes = 128;
/** So many messages that were taken are cut off the queue at a time. */
const takenMax = 1024;

/** Hands messages to a connection one by one, and counts what it has not taken yet. */
export class SendQueue {
  readonly #messages: Uint8Array[] = [];
  /** The first of them that has not been handed over. */
  #next = 0;
  #bytes = 0;
  #isWriting = false;
  #isDropped = false;
  #drained: (() => void) | undefined;

  /** @param write hands over a message; `taken` is called when the next one may follow */
  constructor(private readonly write: (message: Uint8Array, taken: () => void) => void) {}

  /** What the messages cost that the connection has not taken. */
  get bytes(): number {
    return this.#bytes;
  }

  push(message: Uint8Array): void {
    if (this.#isDropped) return;
    this.#messages.push(message);
    this.#bytes += costOf(message);
    if (!this.#isWriting) this.#writeNext();
  }

  /** Calls once when all has been taken; never, if it is dropped before. */
  whenDrained(call: () => void): void {
    this.#drained = call;
    if (!this.#isWriting) this.#reportDrained();
  }

  /** Forgets what has not been handed over; nothing is taken in any more. */
  drop(): void {
    this.#isDropped = true;
    this.#drained = undefined;
    this.#messages.length = 0;
    this.#bytes = 0;
  }

  #writeNext(): void {
    const message = this.#messages[this.#next];
    if (!message) return this.#reportDrained();
    this.#next++;
    this.#isWriting = true;
    this.write(message, () => {
      if (this.#isDropped) return;
      this.#isWriting = false;
      this.#bytes -= costOf(message);
      if (this.#next >= takenMax || this.#next === this.#messages.length) {
        this.#messages.splice(0, this.#next);
        this.#next = 0;
      }
      this.#writeNext();
    });
  }

  #reportDrained(): void {
    const call = this.#drained;
    this.#drained = undefined;
    call?.();
  }
}

function costOf(message: Uint8Array): number {
  return message.byteLength + messageOverheadBytes;
}
