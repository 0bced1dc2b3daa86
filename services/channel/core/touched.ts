import type { Event } from "../../../gen/confab/v1/types.js";
import { cellKey, cellOf } from "./annotations.js";
import type { NewEvent } from "./rows.js";

/** What the events of a batch change, to tell which later commands must be decided after it is confirmed. */
export class Touched {
  readonly #keys = new Set<string>();

  add(event: NewEvent): void {
    for (const key of keysOf(event).touched) this.#keys.add(key);
  }

  conflictsWith(event: NewEvent): boolean {
    return keysOf(event).conflicts.some((key) => this.#keys.has(key));
  }
}

/** Deleting a message conflicts with all that is about it; else two changes of the same value do. */
function keysOf({ author, kind }: NewEvent): { touched: string[]; conflicts: string[] } {
  if (kind.$case === "readMarked") {
    const key = `mark ${kind.value.channelId}`;
    return { touched: [key], conflicts: [key] };
  }
  if (kind.$case === "membershipChanged") {
    const key = `notice ${kind.value.channelId}`;
    return { touched: [key], conflicts: [key] };
  }
  if (kind.$case === "messagePosted") {
    const { parentId } = kind.value;
    return parentId === 0
      ? { touched: [], conflicts: [] }
      : { touched: [`${parentId}`], conflicts: [`${parentId} deleted`] };
  }
  const write = cellOf({ seq: 0, id: 0, author, kind } satisfies Event);
  if (!write) return { touched: [], conflicts: [] };
  const { messageId, cell } = write;
  const all = `${messageId}`;
  if (cell.kind === "deletion") return { touched: [all, `${all} deleted`], conflicts: [all] };
  const key = `${all} ${cellKey(cell)}`;
  return { touched: [all, key], conflicts: [key, `${all} deleted`] };
}
