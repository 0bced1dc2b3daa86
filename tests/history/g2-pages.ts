import type { RecordOf } from "./records.js";

/**
 * What is wrong with a page of history, by itself; undefined if nothing is. A page may be short but not
 * empty.
 */
export function checkPage(page: RecordOf<"read">): string | undefined {
  const { downward, from, limit, newest, events } = page;
  const top = downward && from > 0 ? Math.min(from - 1, newest) : newest;
  const first = downward ? top : from + 1;
  const step = downward ? -1 : 1;
  const available = downward ? top : Math.max(0, newest - from);
  if (events.length > Math.min(limit, available)) return "a read returned more events than there can be";
  if (events.length === 0)
    return available > 0 ? "a read returned nothing where there are events" : undefined;
  for (const [i, event] of events.entries()) {
    const seq = first + i * step;
    if (event.seq !== seq) return `a read returned seq ${event.seq} in the place of seq ${seq}`;
    const before = events[i - 1];
    if (before && (event.id - before.id) * step <= 0) return `a read returned ids out of order at seq ${seq}`;
  }
  return undefined;
}
