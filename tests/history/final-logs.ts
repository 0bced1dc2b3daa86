import { grow } from "./grow.js";
import type { HistoryRecord, SeenEvent } from "./records.js";

/** The logs that were read at the end. */
export class FinalLogs {
  private readonly channels = new Map<string, Map<number, SeenEvent>>();

  /** Keeps the events of a `finalLog`; of several with one `seq`, the first. */
  see(record: HistoryRecord): void {
    if (record.type !== "finalLog") return;
    const log = grow(this.channels, record.channel, () => new Map());
    for (const event of record.events) if (!log.has(event.seq)) log.set(event.seq, event);
  }

  /** A channel's log by `seq`, or undefined if it was not read. */
  find(channel: string): ReadonlyMap<number, SeenEvent> | undefined {
    return this.channels.get(channel);
  }

  all(): Iterable<[string, ReadonlyMap<number, SeenEvent>]> {
    return this.channels;
  }
}
