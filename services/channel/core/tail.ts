import type { Seq } from "../../../lib/ids/ids.js";
import type { LogRow } from "../../../lib/store/log-store.js";

/** Most rows of one append. */
export const appendRowsMax = 256;
/**
 * How many distinct `seq`s an activation reads: twice the largest append. An append is sent only when
 * everything before it is confirmed, so the log reaches at least to `base`, the row before the highest
 * `first` of any row found. No row lies more than one append above that, and the append that ends the log
 * begins no more than one append below.
 */
export const tailSeqsMin = 2 * appendRowsMax;

/**
 * The rows that make the end of a log, ascending and without a hole, out of all rows of its newest `seq`s.
 * Up to `base`, of each `seq` the highest epoch counts. Above it an append counts only if all its rows are
 * there; of each `seq` the highest epoch counts, unless it is below an earlier row's (its writer had been
 * replaced); a hole ends the log.
 * @throws if a row up to `base` is missing: such a read must not be believed.
 */
export function keptRows(rows: readonly LogRow[]): LogRow[] {
  const base = Math.max(0, ...rows.map((row) => row.first - 1));
  const kept = highestEpochs(rows.filter((row) => row.seq <= base));
  const lowest = kept[0]?.seq ?? 1;
  if (kept.length !== base + 1 - lowest) throw new Error(`the log has a hole between ${lowest} and ${base}`);
  const above = highestEpochs(wholeAppends(rows).filter((row) => row.seq > base));
  let epoch = kept[kept.length - 1]?.epoch ?? 0;
  let next = base + 1;
  for (const row of above) {
    if (row.seq !== next || row.epoch < epoch) break;
    kept.push(row);
    next++;
    epoch = row.epoch;
  }
  return kept;
}

/**
 * Of rows that are part of the log (not above its tail), the one of the highest epoch for each `seq`,
 * ascending.
 */
function highestEpochs(rows: readonly LogRow[]): LogRow[] {
  const best = new Map<Seq, LogRow>();
  for (const row of rows) {
    const rival = best.get(row.seq);
    if (!rival || rival.epoch < row.epoch) best.set(row.seq, row);
  }
  return [...best.values()].sort((a, b) => a.seq - b.seq);
}

function wholeAppends(rows: readonly LogRow[]): LogRow[] {
  const counts = new Map<string, number>();
  const nameOf = (row: LogRow) => `${row.epoch}/${row.first}/${row.last}`;
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return rows.filter((row) => counts.get(nameOf(row)) === row.last - row.first + 1);
}
