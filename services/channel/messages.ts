import { Event } from "../../gen/confab/v1/types.js";
import type { ChannelId, EventId, Position, Seq } from "../../lib/ids/ids.js";
import { pageBytesMax } from "../../lib/limits/limits.js";
import type { LogRow, LogStore } from "../../lib/store/log-store.js";
import type { AnnotationRow, RelatedRow } from "../../lib/store/projection-store.js";
import { type BucketRange, rangesOf, type Segment } from "./core/bucket-map.js";
import type {
  FoundAnnotations,
  FoundMessage,
  FoundReplies,
  MessageToFind,
  RangeToRead,
  RepliesToFind,
} from "./core/store-work.js";
import { readPage, readRange } from "./read-range.js";

/** So many ranges are read side by side. */
const rangesAtOnce = 8;
/** What was put on so many messages is read at once. */
const annotatedAtOnce = 64;
/** Replies whose places are no further apart than this are read by one range of the log. */
const nearSeqs = 16;

/** The event of an id, with what was put on it; undefined if no event up to the tail has it. */
export async function findMessage(
  store: LogStore,
  channel: ChannelId,
  { segments, tail, id, event: known }: MessageToFind,
): Promise<FoundMessage | undefined> {
  const event = known ?? (await findEvent(store, channel, { segments, tail, id }));
  if (!event) return undefined;
  return { event, cells: await readAnnotations(store, channel, segments, event.seq, event.seq) };
}

/** The event of an id: ids rise with `seq`, so it is found by halving. */
export async function findEvent(
  store: LogStore,
  channel: ChannelId,
  { segments, tail, id }: Pick<MessageToFind, "segments" | "id"> & { readonly tail: Position },
): Promise<Event | undefined> {
  let [low, high] = seqsAround(segments, tail.seq, id);
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await readRange(store, channel, segments, middle, middle);
    if (row?.id === id) return Event.decode(row.event);
    if (row!.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** A bucket is named by the id that opened it, above all ids before it. */
function seqsAround(segments: readonly Segment[], to: Seq, id: EventId): [from: Seq, to: Seq] {
  const ranges = rangesOf(segments, 1, to);
  const first = Math.max(
    0,
    ranges.findLastIndex(({ bucket }) => bucket <= id),
  );
  const bucket = ranges[first]?.bucket;
  const of = (range: BucketRange) => range.bucket === bucket;
  return [ranges.find(of)?.from ?? 1, ranges.findLast(of)?.to ?? 0];
}

/** What was put on the messages of a range, as far as it is projected. */
async function readAnnotations(
  store: LogStore,
  channel: ChannelId,
  segments: readonly Segment[],
  from: Seq,
  to: Seq,
): Promise<AnnotationRow[]> {
  const reads = rangesOf(segments, from, to).map((range) => store.readAnnotations({ channel, ...range }));
  return (await Promise.all(reads)).flat();
}

/** What was put on the last messages of a range, downward in steps until a page has no room for more. */
export async function readLastAnnotations(
  store: LogStore,
  channel: ChannelId,
  { segments, from, to }: RangeToRead,
): Promise<FoundAnnotations> {
  const rows: AnnotationRow[] = [];
  let next = to + 1;
  for (let bytes = 0; next > from && bytes < pageBytesMax; ) {
    const upTo = next - 1;
    next = Math.max(from, next - annotatedAtOnce);
    for (const row of await readAnnotations(store, channel, segments, next, upTo)) {
      rows.push(row);
      bytes += Buffer.byteLength(row.value);
    }
  }
  return { rows, from: next };
}

/** The replies of a message with what was put on them, ascending, as far as a page may be large. */
export async function findReplies(
  store: LogStore,
  channel: ChannelId,
  { segments, parentId, after, limit }: RepliesToFind,
): Promise<FoundReplies> {
  const wish = { channel, target: parentId, kind: "reply", after, limit, downward: false } as const;
  const replies = await store.readRelated(wish);
  const wanted = new Set(replies.map(({ seq }) => seq));
  const found: FoundMessage[] = [];
  const ranges = nearby(replies);
  for (let at = 0, bytes = 0; at < ranges.length; at += rangesAtOnce) {
    const reads = ranges
      .slice(at, at + rangesAtOnce)
      .map(([from, to]) => readMessages(store, channel, { segments, from, to }));
    for (const part of await Promise.all(reads)) {
      found.push(...part.messages.filter(({ event }) => wanted.has(event.seq)));
      bytes += part.bytes;
      if (part.isCut || bytes >= pageBytesMax)
        return { replies: found, isCut: found.length < replies.length };
    }
  }
  return { replies: found, isCut: false };
}

async function readMessages(store: LogStore, channel: ChannelId, range: RangeToRead) {
  const rows = await readPage(store, channel, { ...range, downward: false });
  const to = rows[rows.length - 1]!.seq;
  const annotations = await readAnnotations(store, channel, range.segments, range.from, to);
  const cellsOf = (row: LogRow) => annotations.filter(({ target }) => target === row.seq);
  return {
    messages: rows.map((row) => ({ event: Event.decode(row.event), cells: cellsOf(row) })),
    bytes: rows.reduce((sum, { event }) => sum + event.byteLength, 0),
    isCut: to < range.to,
  };
}

/** Few ranges that hold all the places. */
function nearby(replies: readonly RelatedRow[]): [from: Seq, to: Seq][] {
  const ranges: [Seq, Seq][] = [];
  for (const { seq } of replies) {
    const last = ranges[ranges.length - 1];
    if (last && seq - last[1] <= nearSeqs) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}
