import { Answers } from "./answers.js";
import type { Checker, Report } from "./checker.js";
import { FinalLogs } from "./final-logs.js";
import { grow } from "./grow.js";
import type { HistoryRecord } from "./records.js";
import { StoredRows } from "./stored-rows.js";

/** An event that somebody was shown or told of. */
interface Seen {
  readonly id: number;
  readonly body: string;
  readonly line: number;
  readonly how: string;
}

/** G1: whatever was delivered, read or acknowledged was in the store before that, and stays as it was. */
export class PersistFirst implements Checker {
  private readonly answers = new Answers();
  private readonly logs = new FinalLogs();
  private readonly stored: StoredRows;
  private readonly seen = new Map<string, Map<number, Seen[]>>();

  constructor(private readonly report: Report) {
    this.stored = new StoredRows(report);
  }

  see(record: HistoryRecord, line: number): void {
    this.logs.see(record);
    this.stored.see(record);
    const post = this.answers.match(record);
    if (record.type === "deliver") {
      const { seq, id, body } = record.event;
      this.note(record.channel, seq, { id, body, line, how: "delivered" });
    } else if (record.type === "read") {
      for (const { seq, id, body } of record.events)
        this.note(record.channel, seq, { id, body, line, how: "read" });
    } else if (record.type === "answer" && record.outcome === "ok" && post) {
      this.note(post.channel, record.seq, { id: record.id, body: post.body, line, how: "acknowledged" });
    }
  }

  finish(): void {
    this.stored.finish();
    for (const [channel, events] of this.seen) {
      const log = this.logs.find(channel);
      if (!log)
        this.report({ promise: "G1", channel, line: 0, what: "events were seen but no final log was read" });
      else
        for (const [seq, seen] of events)
          for (const one of seen) this.compare(channel, seq, one, log.get(seq));
    }
  }

  private note(channel: string, seq: number, seen: Seen): void {
    const same = grow(
      grow(this.seen, channel, () => new Map<number, Seen[]>()),
      seq,
      () => [],
    );
    if (same.some(({ id, body }) => id === seen.id && body === seen.body)) return;
    same.push(seen);
    this.stored.require(channel, { seq, ...seen });
  }

  private compare(
    channel: string,
    seq: number,
    seen: Seen,
    kept: { id: number; body: string } | undefined,
  ): void {
    if (kept && kept.id === seen.id && kept.body === seen.body) return;
    const became = kept ? "is another event in the final log" : "is not in the final log";
    this.report({
      promise: "G1",
      channel,
      line: seen.line,
      what: `seq ${seq} was ${seen.how} but ${became}`,
    });
  }
}
