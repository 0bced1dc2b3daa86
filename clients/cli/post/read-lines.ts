import type { Line } from "./line.js";
import { LineSplitter } from "./line-splitter.js";

/** The lines of a stream without empty ones, as they come in. */
export class LineReader implements AsyncIterable<Line[]> {
  /** Empty lines so far. */
  emptyLines = 0;

  constructor(private readonly input: AsyncIterable<Uint8Array | string>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Line[]> {
    const splitter = new LineSplitter();
    let filled = 0;
    const noted = (lines: Line[]) => {
      filled += lines.length;
      this.emptyLines = splitter.count - filled;
      return lines;
    };
    for await (const chunk of this.input) yield noted(splitter.push(Buffer.from(chunk)));
    yield noted(splitter.end());
  }
}
