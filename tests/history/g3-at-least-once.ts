import type { Checker, Report } from "./checker.js";
import { FinalLogs } from "./final-logs.js";
import { grow } from "./grow.js";
import type { HistoryRecord, RecordOf } from "./records.js";
import { type Held, Subscriptions } from "./subscriptions.js";

/** G3: a connection gets every event of what it subscribed to, or is told which it will not get. */
export class AtLeastOnce implements Checker {
  /** Deliveries of events that the same connection had got under an earlier subscription. */
  duplicates = 0;
  private readonly subscriptions = new Subscriptions();
  private readonly logs = new FinalLogs();
  /** Newest `seq` by connection and channel, over all its subscriptions. */
  private readonly newest = new Map<string, Map<string, number>>();
  private readonly quiet: Held[] = [];

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    this.logs.see(record);
    for (const held of this.subscriptions.follow(record)) this.checkHoles(held, line);
    if (record.type === "deliver") this.deliver(record, line);
    if (record.type === "disconnect") this.newest.delete(record.conn);
    if (record.type === "quiet") this.quiet.push(...this.subscriptions.all());
  }

  finish(): void {
    for (const held of this.subscriptions.all()) this.checkHoles(held, 0);
    for (const { conn, channel, subscription } of this.quiet) {
      const end = this.logs.find(channel)?.size ?? 0;
      const what = `connection ${conn} never got seq ${subscription.position + 1} to ${end}`;
      if (subscription.position < end) this.report({ promise: "G3", channel, line: 0, what });
    }
  }

  private deliver(record: RecordOf<"deliver">, line: number): void {
    const { conn, channel } = record;
    const { seq } = record.event;
    const subscription = this.subscriptions.find(conn, channel);
    const problem = (what: string) => this.report({ promise: "G3", channel, line, what });
    if (!subscription) return problem(`connection ${conn} got seq ${seq} without a subscription`);
    if (subscription.deliver(seq) === "again") {
      return problem(
        `connection ${conn} got seq ${seq} twice, or below its position, or after a gap over it`,
      );
    }
    const newest = grow(this.newest, conn, () => new Map<string, number>());
    if (seq <= (newest.get(channel) ?? 0)) this.duplicates++;
    else newest.set(channel, seq);
  }

  private checkHoles({ conn, channel, subscription }: Held, line: number): void {
    if (!subscription.hasHole()) return;
    const seq = subscription.position + 1;
    const what = `connection ${conn} got newer events but never seq ${seq}, nor a gap over it`;
    this.report({ promise: "G3", channel, line, what });
  }
}
