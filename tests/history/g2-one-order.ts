import { Answers } from "./answers.js";
import type { Checker, Report } from "./checker.js";
import { checkPage } from "./g2-pages.js";
import { grow } from "./grow.js";
import type { HistoryRecord, SeenEvent } from "./records.js";
import { Subscriptions } from "./subscriptions.js";

interface Identity {
  readonly id: number;
  /** Undefined where only an answer told of it. */
  body: string | undefined;
}

/** G2: everybody sees one order: a `seq` is one event everywhere, a log has no hole, its ids rise. */
export class OneOrder implements Checker {
  private readonly answers = new Answers();
  private readonly subscriptions = new Subscriptions();
  private readonly identities = new Map<string, Map<number, Identity>>();
  /** Length of each final log so far, and its last id. */
  private readonly logs = new Map<string, { seq: number; id: number }>();

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    this.subscriptions.follow(record);
    const post = this.answers.match(record);
    if (record.type === "answer" && record.outcome === "ok" && post) {
      this.identify(post.channel, record.seq, record.id, undefined, line);
    } else if (record.type === "deliver") {
      this.seeEvents(record.channel, [record.event], line);
      const outcome = this.subscriptions.find(record.conn, record.channel)?.deliver(record.event.seq);
      const what = `seq ${record.event.seq} reached connection ${record.conn} after a newer event`;
      if (outcome === "late") this.report({ promise: "G2", channel: record.channel, line, what });
    } else if (record.type === "read") {
      this.seeEvents(record.channel, record.events, line);
      const what = checkPage(record);
      if (what) this.report({ promise: "G2", channel: record.channel, line, what });
    } else if (record.type === "finalLog") {
      this.seeEvents(record.channel, record.events, line);
      for (const event of record.events) this.extend(record.channel, event, line);
    } else if (record.type === "stored" && record.moment === "end") {
      this.seeEvents(record.channel, record.rows, line);
    }
  }

  finish(): void {}

  private seeEvents(channel: string, events: readonly SeenEvent[], line: number): void {
    for (const { seq, id, body } of events) this.identify(channel, seq, id, body, line);
  }

  private identify(channel: string, seq: number, id: number, body: string | undefined, line: number): void {
    const known = grow(
      grow(this.identities, channel, () => new Map<number, Identity>()),
      seq,
      () => ({ id, body }),
    );
    const sameBody = body === undefined || known.body === undefined || known.body === body;
    known.body ??= body;
    const what = `seq ${seq} is another event here than it was before`;
    if (known.id !== id || !sameBody) this.report({ promise: "G2", channel, line, what });
  }

  private extend(channel: string, event: SeenEvent, line: number): void {
    const last = grow(this.logs, channel, () => ({ seq: 0, id: 0 }));
    if (event.seq !== last.seq + 1) {
      const what = `the final log goes on with seq ${event.seq} after seq ${last.seq}`;
      this.report({ promise: "G2", channel, line, what });
    }
    if (event.id <= last.id) {
      this.report({
        promise: "G2",
        channel,
        line,
        what: `the id of seq ${event.seq} is not above the one before`,
      });
    }
    this.logs.set(channel, event);
  }
}
