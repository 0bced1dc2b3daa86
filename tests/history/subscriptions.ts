import { grow } from "./grow.js";
import type { HistoryRecord, RecordOf } from "./records.js";
import { Subscription } from "./subscription.js";

/** A subscription with whose and of what it is. */
export interface Held {
  readonly conn: string;
  readonly channel: string;
  readonly subscription: Subscription;
}

/** Follows which connection is subscribed to which channel. */
export class Subscriptions {
  private readonly connections = new Map<string, Map<string, Subscription>>();
  private readonly asked = new Map<string, Map<string, number | undefined>>();

  /** Takes any record; returns the subscriptions that end with it. */
  follow(record: HistoryRecord): Held[] {
    switch (record.type) {
      case "connect":
        this.connections.set(record.conn, new Map());
        return [];
      case "subscribe":
        grow(this.asked, record.conn, () => new Map()).set(record.channel, record.seq);
        return [];
      case "subscribed":
        return this.begin(record);
      case "unsubscribed":
        return this.end(record.conn, record.channel);
      case "gap":
        this.find(record.conn, record.channel)?.skip(record.from, record.to);
        return [];
      case "disconnect": {
        const held = [...this.of(record.conn)];
        this.connections.delete(record.conn);
        this.asked.delete(record.conn);
        return held;
      }
      default:
        return [];
    }
  }

  find(conn: string, channel: string): Subscription | undefined {
    return this.connections.get(conn)?.get(channel);
  }

  /** Everything that is subscribed now. */
  *all(): Iterable<Held> {
    for (const conn of this.connections.keys()) yield* this.of(conn);
  }

  private *of(conn: string): Iterable<Held> {
    for (const [channel, subscription] of this.connections.get(conn) ?? [])
      yield { conn, channel, subscription };
  }

  /** A client that asked from a position has a claim to all above it, whatever it is told. */
  private begin(record: RecordOf<"subscribed">): Held[] {
    const { conn, channel, seq } = record;
    const position = Math.min(this.asked.get(conn)?.get(channel) ?? seq, seq);
    this.asked.get(conn)?.delete(channel);
    const ended = this.end(conn, channel).filter((held) => held.subscription.position < position);
    this.connections.get(conn)?.set(channel, new Subscription(position));
    return ended;
  }

  private end(conn: string, channel: string): Held[] {
    const subscription = this.find(conn, channel);
    this.connections.get(conn)?.delete(channel);
    return subscription ? [{ conn, channel, subscription }] : [];
  }
}
