/** Events that a failing run can show, the newest ones. */
const linesKeptMax = 2000;

/**
 * A running hash over all that happened: two runs with equal hashes went the same way. Two lanes of FNV-1a
 * (http://www.isthe.com/chongo/tech/comp/fnv/) with different starts.
 */
export class Trace {
  private first = 0x811c9dc5;
  private second = 0x2f0b4c47;
  private readonly lines: string[] = [];
  private readonly words = new Map<string, number>();
  private readonly float = new Float64Array(1);
  private readonly halves = new Uint32Array(this.float.buffer);

  /** `verbose`: keep the newest events in words as well. */
  constructor(private readonly verbose = false) {}

  /** Takes in that something happened at a moment (ms). */
  note(at: number, what: string): void {
    this.float[0] = at;
    this.mix(this.halves[0] ?? 0);
    this.mix(this.halves[1] ?? 0);
    this.mix(this.word(what));
    if (this.verbose) this.keep(`${at.toFixed(3)} ${what}`);
  }

  /** Takes in a text, for instance a record of the history. */
  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.mix(text.charCodeAt(i));
  }

  /** The hash so far: 16 hexadecimal digits. */
  digest(): string {
    const hex = (lane: number) => (lane >>> 0).toString(16).padStart(8, "0");
    return hex(this.first) + hex(this.second);
  }

  /** The newest events, one a line; empty unless verbose. */
  recent(): readonly string[] {
    return this.lines.slice(-linesKeptMax);
  }

  private keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length >= 2 * linesKeptMax) this.lines.splice(0, linesKeptMax);
  }

  private mix(word: number): void {
    this.first = Math.imul(this.first ^ word, 0x01000193);
    this.second = Math.imul(this.second ^ (word + (this.first >>> 7)), 0x01000193);
  }

  /** What happens has few names: each is hashed once. */
  private word(what: string): number {
    let hash = this.words.get(what);
    if (hash === undefined) {
      hash = 0x811c9dc5;
      for (let i = 0; i < what.length; i++) hash = Math.imul(hash ^ what.charCodeAt(i), 0x01000193);
      this.words.set(what, hash);
    }
    return hash;
  }
}
