import type { EventId } from "../ids/ids.js";
import { type Append, type MessageKey, NotWritten } from "./log-store.js";

/**
 * Timestamp of the write of a message key: the id of the event that it was appended with. Of two writes to
 * one place the higher timestamp stays.
 * @throws {NotWritten} if the append has no row at the key's `seq`.
 */
export function writtenOfKey(append: Append, key: MessageKey): EventId {
  const row = append.rows[key.seq - (append.rows[0]?.seq ?? 0)];
  if (row?.seq !== key.seq)
    throw new NotWritten(`a message key names seq ${key.seq}, which the append lacks`);
  return row.id;
}
