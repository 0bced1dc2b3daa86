import type { Report, Violation } from "./checker.js";
import { grow } from "./grow.js";
import type { HistoryRecord } from "./records.js";

/** An event that has to be in the store. */
export interface Needed {
  readonly seq: number;
  readonly id: number;
  readonly body: string;
  readonly line: number;
  readonly how: string;
}

interface ChannelRows {
  /** Rows seen in the store so far: by `seq`, the events that any epoch holds there. */
  readonly live: Map<number, Set<string>>;
  /** Rows at the end; undefined if nobody looked. */
  end?: Map<number, string>;
  readonly needed: Needed[];
  /** What was missing when it was needed: a violation only if somebody does look into the store. */
  readonly missing: Violation[];
}

const text = (event: { id: number; body: string }) => `${event.id} ${event.body}`;

/** The part of G1 that looks into the store: what was shown was there before, and is there at the end. */
export class StoredRows {
  private readonly channels = new Map<string, ChannelRows>();

  constructor(private readonly report: Report) {}

  /** Takes what a second reader found. */
  see(record: HistoryRecord): void {
    if (record.type !== "stored") return;
    const channel = this.rows(record.channel);
    if (record.moment === "live") {
      for (const row of record.rows) grow(channel.live, row.seq, () => new Set()).add(text(row));
    } else {
      channel.end ??= new Map();
      for (const row of record.rows) channel.end.set(row.seq, text(row));
    }
  }

  /** Notes that an event was shown now. */
  require(channel: string, needed: Needed): void {
    const rows = this.rows(channel);
    rows.needed.push(needed);
    if (rows.live.get(needed.seq)?.has(text(needed))) return;
    const what = `seq ${needed.seq} was ${needed.how} before it was stored`;
    rows.missing.push({ promise: "G1", channel, line: needed.line, what });
  }

  finish(): void {
    for (const [channel, { live, end, needed, missing }] of this.channels) {
      if (live.size > 0) for (const violation of missing) this.report(violation);
      for (const one of end ? needed : []) {
        if (end?.get(one.seq) === text(one)) continue;
        const what = `seq ${one.seq} was ${one.how} but is not in the store at the end`;
        this.report({ promise: "G1", channel, line: one.line, what });
      }
    }
  }

  private rows(channel: string): ChannelRows {
    return grow(this.channels, channel, () => ({ live: new Map(), needed: [], missing: [] }));
  }
}
