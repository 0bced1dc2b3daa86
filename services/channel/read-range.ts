import type { ChannelId, Seq } from "../../lib/ids/ids.js";
import { pageBytesMax } from "../../lib/limits/limits.js";
import type { LogRow, LogStore } from "../../lib/store/log-store.js";
import { rowsUntil } from "../../lib/store/page.js";
import { rangesOf, type Segment } from "./core/bucket-map.js";
import type { PageToRead } from "./core/store-work.js";

/** Most rows of one read; all epochs count. */
const readRowsMax = 1024;

/** The events' rows of a range that lies at or below the tail, ascending. Rejects if one is missing. */
export async function readRange(
  store: LogStore,
  channel: ChannelId,
  segments: readonly Segment[],
  from: Seq,
  to: Seq,
): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for await (const some of readSteps(store, channel, { segments, from, to, downward: false }))
    rows.push(...some);
  return rows;
}

/**
 * As many of a page's first rows, the last ones if it is read downward, as their events have `pageBytesMax`,
 * but at least one; ascending.
 */
export async function readPage(store: LogStore, channel: ChannelId, page: PageToRead): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for await (const some of readSteps(store, channel, page)) {
    rows.push(...some);
    const sizes = rows.map(({ event }) => event.byteLength);
    const count = rowsUntil(pageBytesMax, sizes);
    if (count === rows.length && sizes.reduce((sum, size) => sum + size, 0) < pageBytesMax) continue;
    rows.length = count;
    break;
  }
  return page.downward ? rows.reverse() : rows;
}

/** The rows in the order in which they are read, in parts that memory has room for. */
async function* readSteps(
  store: LogStore,
  channel: ChannelId,
  { segments, from, to, downward }: PageToRead,
): AsyncGenerator<LogRow[]> {
  const ranges = rangesOf(segments, from, to);
  if (downward) ranges.reverse();
  const step = downward ? -1 : 1;
  let next = downward ? to : from;
  for (const { bucket, ...range } of ranges) {
    while (next >= range.from && next <= range.to) {
      const rest = downward ? { from: range.from, to: next } : { from: next, to: range.to };
      const limits = { limit: readRowsMax, bytesEnough: pageBytesMax };
      const found = await store.readRows({ channel, bucket, ...rest, ...limits, downward });
      const rows: LogRow[] = [];
      for (const row of found) {
        // Of one seq the highest epoch's row comes first; the others do not count.
        if (row.seq !== next) continue;
        rows.push(row);
        next += step;
      }
      if (rows.length === 0) break;
      yield rows;
    }
  }
  if (next !== (downward ? from - 1 : to + 1) && from <= to)
    throw new Error(`${channel} lacks event ${next} of ${from} to ${to} in the store`);
}
