import { Answers } from "./answers.js";
import type { Checker, Report } from "./checker.js";
import { grow } from "./grow.js";
import type { HistoryRecord, RecordOf } from "./records.js";

/** How far a channel was known to reach, and since when. */
interface Known {
  readonly at: number;
  readonly seq: number;
}

/** G1: what was seen or acknowledged before a read began is not beyond that read's newest event. */
export class FreshReads implements Checker {
  private readonly answers = new Answers();
  private readonly known = new Map<string, Known[]>();

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    const post = this.answers.match(record);
    if (record.type === "deliver") this.note(record.channel, record.event.seq, record.at);
    if (record.type === "answer" && record.outcome === "ok" && post)
      this.note(post.channel, record.seq, record.at);
    if (record.type === "read") this.check(record, line);
  }

  finish(): void {}

  private note(channel: string, seq: number, at: number): void {
    const known = grow(this.known, channel, () => []);
    if (seq > (known.at(-1)?.seq ?? 0)) known.push({ at, seq });
  }

  private check(record: RecordOf<"read">, line: number): void {
    const { channel, newest, begun } = record;
    const before = this.reached(channel, begun);
    if (newest < before) {
      const what = `a read found nothing above seq ${newest} when seq ${before} had been seen before`;
      this.report({ promise: "G1", channel, line, what });
    }
    this.note(channel, newest, record.at);
  }

  /** Highest `seq` that was known before a moment. */
  private reached(channel: string, moment: number): number {
    const known = this.known.get(channel) ?? [];
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (known[middle]!.at < moment) low = middle + 1;
      else high = middle;
    }
    return known[low - 1]?.seq ?? 0;
  }
}
