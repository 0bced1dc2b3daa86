import type { HistoryRecord, RecordOf, SeenEvent } from "./records.js";

/** Whether one comes up in the history, and what to put in its place; undefined: not this one. */
type Change<Type extends HistoryRecord["type"]> = (
  record: RecordOf<Type>,
  history: readonly HistoryRecord[],
  index: number,
) => HistoryRecord[] | undefined;

const isA = <Type extends HistoryRecord["type"]>(
  record: HistoryRecord,
  type: Type,
): record is RecordOf<Type> => record.type === type;

/** Changes the first record of a type, from the history's middle on, that a change accepts. */
export function change<Type extends HistoryRecord["type"]>(type: Type, by: Change<Type>) {
  return (history: readonly HistoryRecord[]): HistoryRecord[] => {
    for (let step = 0; step < history.length; step++) {
      const index = (step + (history.length >> 1)) % history.length;
      const record = history[index];
      const changed = record && isA(record, type) ? by(record, history, index) : undefined;
      if (changed) return [...history.slice(0, index), ...changed, ...history.slice(index + 1)];
    }
    throw new Error(`no ${type} to falsify`);
  };
}

/** Changes the events of the final logs; of the first log from which the change makes another one. */
export function changeLog(by: (events: readonly SeenEvent[]) => SeenEvent[] | undefined) {
  return change("finalLog", (record) => {
    const events = record.events.length > 1 ? by(record.events) : undefined;
    return events && [{ ...record, events }];
  });
}

/** Whether something of the channel comes later in the history to the same connection. */
export function deliveredLater(
  history: readonly HistoryRecord[],
  index: number,
  { conn, channel, event }: RecordOf<"deliver">,
): RecordOf<"deliver"> | undefined {
  for (const record of history.slice(index + 1)) {
    if (record.type === "disconnect" && record.conn === conn) return undefined;
    if ((record.type === "subscribed" || record.type === "gap") && record.conn === conn) return undefined;
    if (record.type === "deliver" && record.conn === conn && record.channel === channel) {
      return record.event.seq === event.seq + 1 ? record : undefined;
    }
  }
  return undefined;
}
