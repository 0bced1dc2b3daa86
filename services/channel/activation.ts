import { type ConversationCreated, Event } from "../../gen/confab/v1/types.js";
import { type ChannelId, type Epoch, parseUserId, type Seq } from "../../lib/ids/ids.js";
import { pageBytesMax } from "../../lib/limits/limits.js";
import type { LogRow, LogStore, RowRange } from "../../lib/store/log-store.js";
import { isCut } from "../../lib/store/page.js";
import { rangesOf, type Segment, segmentsOf } from "./core/bucket-map.js";
import type { FoundChannel } from "./core/store-work.js";
import { keptRows, tailSeqsMin } from "./core/tail.js";
import { readRange } from "./read-range.js";

/** Most rows of one read; all epochs count. */
const readRowsMax = 1024;

/** Finds the end of a channel's log, and its members as projected. */
export async function findChannel(store: LogStore, channel: ChannelId): Promise<FoundChannel> {
  const segments = segmentsOf(await store.readBuckets(channel));
  const user = parseUserId(channel);
  const [newest, members, marks] = await Promise.all([
    newestRows(store, channel, segments),
    store.readMembers(channel),
    user ? store.readMarks(user) : [],
  ]);
  const rows = keptRows(newest);
  const highestEpoch = highestEpochOf([...segments, ...newest]);
  const first = rows[0];
  if (!first) return { segments, rows, highestEpoch, members, marks, created: undefined, creator: "" };
  const projected = rows[rows.length - 1]?.projected ?? 0;
  const [creation, older] = await Promise.all([
    first.seq === 1 ? [first] : readRange(store, channel, segments, 1, 1),
    readRange(store, channel, segments, projected + 1, first.seq - 1),
  ]);
  const created = creationOf(creation[0]);
  const creator = created ? (creation[0]?.author ?? "") : "";
  return { segments, rows: [...older, ...rows], highestEpoch, members, marks, created, creator };
}

function highestEpochOf(found: readonly { readonly epoch: Epoch }[]): Epoch {
  return found.reduce((highest, { epoch }) => Math.max(highest, epoch), 0);
}

function creationOf(row: LogRow | undefined): ConversationCreated | undefined {
  const kind = row && Event.decode(row.event).kind;
  return kind?.$case === "conversationCreated" ? kind.value : undefined;
}

/** All epochs' rows of the newest `seq`s. */
async function newestRows(
  store: LogStore,
  channel: ChannelId,
  segments: readonly Segment[],
): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  const seqs = new Set<Seq>();
  const ranges = rangesOf(segments, 1, Number.MAX_SAFE_INTEGER).reverse();
  for (const { bucket, from, to } of ranges) {
    for (let upTo = to; upTo >= from; ) {
      const { whole, lowest } = await readDown(store, { channel, bucket, from, to: upTo });
      for (const row of whole) {
        rows.push(row);
        seqs.add(row.seq);
      }
      if (seqs.size >= tailSeqsMin) return rows;
      if (lowest === undefined) break;
      upTo = lowest - 1;
    }
  }
  return rows;
}

/**
 * Rows of the highest `seq`s of a range, all epochs' of each, and the lowest of those `seq`s; without it,
 * they are all that there are.
 */
async function readDown(
  store: LogStore,
  range: Pick<RowRange, "channel" | "bucket" | "from" | "to">,
): Promise<{ whole: LogRow[]; lowest?: Seq }> {
  const page = { ...range, limit: readRowsMax, bytesEnough: pageBytesMax, downward: true };
  const rows = await store.readRows(page);
  const lowest = rows[rows.length - 1]?.seq;
  if (lowest === undefined || !isCut(page, rows)) return { whole: rows };
  // The lowest seq may have rows of other epochs behind the cut: it is left to the next read.
  const whole = rows.filter((row) => row.seq > lowest);
  if (whole.length > 0) return { whole, lowest: lowest + 1 };
  const alone = { ...page, from: lowest, to: lowest, bytesEnough: Number.POSITIVE_INFINITY };
  const all = await store.readRows(alone);
  if (isCut(alone, all)) throw new Error(`over ${readRowsMax} epochs of seq ${lowest} in ${range.channel}`);
  return { whole: all, lowest };
}
