import type { Checker, Report } from "./checker.js";
import type { HistoryRecord, RecordOf, SeenEvent } from "./records.js";
import { Subscriptions } from "./subscriptions.js";

/** Kinds that never are in a log; a history may show further ones. */
const transientKinds = ["typing", "presence", "ephemeral"];

/** G7: transient events are in no store and no log, and never overtake the event that they follow. */
export class Transient implements Checker {
  private readonly subscriptions = new Subscriptions();
  private readonly kinds = new Set(transientKinds);
  /** First appearance of each kind among the durable events. */
  private readonly durable = new Map<string, { channel: string; line: number; what: string }>();

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    this.subscriptions.follow(record);
    switch (record.type) {
      case "transient":
        return this.transient(record, line);
      case "stored":
        return this.note(record.channel, record.rows, "in the store", line);
      case "finalLog":
        return this.note(record.channel, record.events, "in the log", line);
      case "read":
        return this.note(record.channel, record.events, "in a page of history", line);
      case "deliver":
        this.note(record.channel, [record.event], "delivered with a seq", line);
        this.subscriptions.find(record.conn, record.channel)?.deliver(record.event.seq);
    }
  }

  finish(): void {
    for (const [kind, { channel, line, what }] of this.durable) {
      if (this.kinds.has(kind))
        this.report({ promise: "G7", channel, line, what: `a ${kind} event was ${what}` });
    }
  }

  private transient(record: RecordOf<"transient">, line: number): void {
    this.kinds.add(record.kind);
    const { conn, channel, after } = record;
    const position = this.subscriptions.find(conn, channel)?.position;
    if (after === undefined || (position !== undefined && position >= after)) return;
    const what = `connection ${conn} got a ${record.kind} event before seq ${after}, which it follows`;
    this.report({ promise: "G7", channel, line, what });
  }

  private note(channel: string, events: readonly SeenEvent[], what: string, line: number): void {
    for (const { kind } of events)
      if (!this.durable.has(kind)) this.durable.set(kind, { channel, line, what });
  }
}
