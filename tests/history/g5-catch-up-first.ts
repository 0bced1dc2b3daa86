import { Answers } from "./answers.js";
import type { Checker, Report } from "./checker.js";
import type { HistoryRecord } from "./records.js";
import type { Subscription } from "./subscription.js";
import { Subscriptions } from "./subscriptions.js";

/** G5: what a subscriber has missed comes in order, before anything newer. */
export class CatchUpFirst implements Checker {
  private readonly answers = new Answers();
  private readonly subscriptions = new Subscriptions();
  /** Highest `seq` of each channel that the history has told of. */
  private readonly known = new Map<string, number>();
  /** Highest `seq` that there was when the subscription began: up to it, events count as missed. */
  private readonly missed = new WeakMap<Subscription, number>();

  constructor(private readonly report: Report) {}

  see(record: HistoryRecord, line: number): void {
    this.subscriptions.follow(record);
    const post = this.answers.match(record);
    if (record.type === "answer" && record.outcome === "ok" && post) this.note(post.channel, record.seq);
    if (record.type === "read") this.note(record.channel, record.newest);
    if (record.type === "subscribed") {
      const subscription = this.subscriptions.find(record.conn, record.channel);
      if (subscription) this.missed.set(subscription, this.known.get(record.channel) ?? 0);
    }
    if (record.type === "deliver") {
      this.note(record.channel, record.event.seq);
      this.deliver(record.conn, record.channel, record.event.seq, line);
    }
  }

  finish(): void {}

  private note(channel: string, seq: number): void {
    if (seq > (this.known.get(channel) ?? 0)) this.known.set(channel, seq);
  }

  private deliver(conn: string, channel: string, seq: number, line: number): void {
    const subscription = this.subscriptions.find(conn, channel);
    if (!subscription) return;
    const next = subscription.position + 1;
    const missed = next <= (this.missed.get(subscription) ?? 0);
    if (subscription.deliver(seq) !== "ahead" || !missed) return;
    const what = `connection ${conn} got seq ${seq} before seq ${next}, which it had missed`;
    this.report({ promise: "G5", channel, line, what });
  }
}
