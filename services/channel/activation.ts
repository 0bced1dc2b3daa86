import { type ConversationCreated, Event } from "../../gen/confab/v1/types.js";
import { type ChannelId, type Epoch, parseUserId, type Seq } from "../../lib/ids/ids.js";
import type { LogRow, LogStore } from "../../lib/store/log-store.js";
import { rangesOf, type Segment, segmentsOf } from "./core/bucket-map.js";
import type { FoundChannel } from "./core/store-work.js";
import { highestEpochs, keptRows, tailSeqsMin } from "./core/tail.js";

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
    let upTo = to;
    while (upTo >= from) {
      const page = await store.readRows({
        channel,
        bucket,
        from,
        to: upTo,
        limit: readRowsMax,
        downward: true,
      });
      if (page.length === 0) break;
      const lowest = page[page.length - 1]!.seq;
      const isLast = page.length < readRowsMax;
      // The lowest seq of a full page may have rows of other epochs behind the cut: read them with the next
      // page.
      const whole = isLast ? page : page.filter((row) => row.seq > lowest);
      for (const row of whole) {
        rows.push(row);
        seqs.add(row.seq);
      }
      if (seqs.size >= tailSeqsMin) return rows;
      if (isLast) break;
      if (whole.length === 0) throw new Error(`over ${readRowsMax} epochs of seq ${lowest} in ${channel}`);
      upTo = lowest;
    }
  }
  return rows;
}

/** The events' rows of a range that lies at or below the tail, ascending. Rejects if one is missing. */
export async function readRange(
  store: LogStore,
  channel: ChannelId,
  segments: readonly Segment[],
  from: Seq,
  to: Seq,
): Promise<LogRow[]> {
  if (from > to) return [];
  const reads = rangesOf(segments, from, to).map((range) => readBucket(store, channel, range));
  const rows = highestEpochs((await Promise.all(reads)).flat());
  if (rows.length !== to - from + 1) {
    throw new Error(`${channel} has ${rows.length} of the events ${from} to ${to} in the store`);
  }
  return rows;
}

async function readBucket(
  store: LogStore,
  channel: ChannelId,
  { bucket, from, to }: { bucket: number; from: Seq; to: Seq },
): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (let next = from; next <= to; ) {
    const range = { channel, bucket, from: next, to, limit: readRowsMax, downward: false };
    const page = await store.readRows(range);
    rows.push(...page);
    if (page.length < readRowsMax) break;
    // Rows of other epochs of the last seq may follow: it is read again, which does no harm.
    const last = page[page.length - 1]!.seq;
    if (last === next) throw new Error(`over ${readRowsMax} epochs of seq ${last} in ${channel}`);
    next = last;
  }
  return rows;
}
