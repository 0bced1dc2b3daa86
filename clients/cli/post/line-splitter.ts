import { ConfabError } from "../../../lib/errors/errors.js";
import { textBytesMax } from "../../../lib/limits/limits.js";
import type { Line } from "./line.js";

const newline = 0x0a;
const carriageReturn = 0x0d;
/** How much of a line that cannot be sent is kept to name it. */
const startBytesMax = 400;

/** Splits bytes into lines, whatever pieces they come in; holds no more of a line than a message may have. */
export class LineSplitter {
  readonly #strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #number = 0;
  #parts: Uint8Array[] = [];
  #kept = 0;
  #tooLong = false;

  /** The lines that end in this piece, without empty ones. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      this.#keep(chunk.subarray(from, to));
      lines.push(...this.#finish());
      from = to + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  /** The last line, if it has no line end. */
  end(): Line[] {
    return this.#kept > 0 ? this.#finish() : [];
  }

  /** Lines so far, empty ones too. */
  get count(): number {
    return this.#number;
  }

  #keep(part: Uint8Array): void {
    // One more for a carriage return, which is no part of the text.
    const room = textBytesMax + 1 - this.#kept;
    if (part.length > room) this.#tooLong = true;
    if (part.length === 0 || room <= 0) return;
    const kept = part.subarray(0, room);
    this.#parts.push(kept);
    this.#kept += kept.length;
  }

  #finish(): Line[] {
    const [only] = this.#parts;
    const whole = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    const tooLong = this.#tooLong;
    this.#parts = [];
    this.#kept = 0;
    this.#tooLong = false;
    this.#number += 1;
    const text = whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
    if (text.length === 0) return [];
    return [tooLong ? this.#faulty(text, new ConfabError("msg_too_long")) : this.#decode(text)];
  }

  #decode(bytes: Uint8Array): Line {
    try {
      return { number: this.#number, text: this.#strict.decode(bytes), bytes: bytes.length };
    } catch {
      return this.#faulty(bytes, new ConfabError("invalid_text", "", "the line is not valid UTF-8"));
    }
  }

  #faulty(bytes: Uint8Array, fault: ConfabError): Line {
    const text = new TextDecoder().decode(bytes.subarray(0, startBytesMax));
    return { number: this.#number, text, bytes: text.length, fault };
  }
}
