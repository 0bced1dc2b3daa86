import { systemClock } from "../../lib/clock/system-clock.js";
import { type HistoryRecord, parseRecord } from "../history/records.js";

type WithoutTime<Recorded> = Recorded extends unknown ? Omit<Recorded, "at"> : never;

/** Takes down what is seen of a mesh, in the format of histories. */
export class HistoryWriter {
  readonly records: HistoryRecord[] = [];

  note(record: WithoutTime<HistoryRecord>): void {
    const at = Math.max(systemClock.now(), this.records.at(-1)?.at ?? 0);
    this.records.push(parseRecord(JSON.stringify({ ...record, at })));
  }
}
