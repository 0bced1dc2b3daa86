import { postsPerCallMax } from "../../../lib/limits/limits.js";
import type { Line } from "./line.js";

/** Most bytes of text that go with one call, unless a single line has more. */
const callBytesMax = 1024 * 1024;
/** The input is read no further while so many bytes wait … */
const queueBytesMax = 4 * callBytesMax;
/** … or so many lines. */
const queueLinesMax = 8 * postsPerCallMax;

/** Lines that wait to be posted. Whoever takes gets all that have come, up to what one call may hold. */
export class LineQueue {
  #lines: Line[] = [];
  #bytes = 0;
  #ended = false;
  #wake: (() => void)[] = [];

  /** Adds lines; resolves when there is room for more, or when nobody will take any. */
  async put(lines: readonly Line[]): Promise<void> {
    if (this.#ended) return;
    for (const line of lines) {
      this.#lines.push(line);
      this.#bytes += line.bytes;
    }
    this.#changed();
    while (!this.#ended && (this.#lines.length > queueLinesMax || this.#bytes > queueBytesMax)) {
      await this.#change();
    }
  }

  /** No more lines will come; those that wait can still be taken. */
  end(): void {
    this.#ended = true;
    this.#changed();
  }

  /** Drops what waits. */
  close(): void {
    this.#lines = [];
    this.end();
  }

  /** The next lines, at least one, in their order; undefined at the end. */
  async take(): Promise<Line[] | undefined> {
    while (this.#lines.length === 0) {
      if (this.#ended) return undefined;
      await this.#change();
    }
    let count = 0;
    let bytes = 0;
    for (const line of this.#lines) {
      if (count === postsPerCallMax || (count > 0 && bytes + line.bytes > callBytesMax)) break;
      bytes += line.bytes;
      count += 1;
    }
    this.#bytes -= bytes;
    const taken = this.#lines.splice(0, count);
    this.#changed();
    return taken;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
