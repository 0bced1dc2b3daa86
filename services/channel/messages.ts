import { Event } from "../../gen/confab/v1/types.js";
import type { ChannelId, EventId, Position, Seq } from "../../lib/ids/ids.js";
import type { LogRow, LogStore } from "../../lib/store/log-store.js";
import type { AnnotationRow, RelatedRow } from "../../lib/store/projection-store.js";
import { readRange } from "./activation.js";
import { type BucketRange, rangesOf, type Segment } from "./core/bucket-map.js";
import type { FoundMessage, MessageToFind, RepliesToFind } from "./core/store-work.js";

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
export async function readAnnotations(
  store: LogStore,
  channel: ChannelId,
  segments: readonly Segment[],
  from: Seq,
  to: Seq,
): Promise<AnnotationRow[]> {
  const reads = rangesOf(segments, from, to).map((range) => store.readAnnotations({ channel, ...range }));
  return (await Promise.all(reads)).flat();
}

/** The replies of a message with what was put on them, ascending. */
export async function findReplies(
  store: LogStore,
  channel: ChannelId,
  { segments, parentId, after, limit }: RepliesToFind,
): Promise<FoundMessage[]> {
  const range = { channel, target: parentId, kind: "reply", after, limit, downward: false } as const;
  const replies = await store.readRelated(range);
  const groups = await Promise.all(
    nearby(replies).map(([from, to]) => readMessages(store, channel, segments, from, to)),
  );
  const bySeq = new Map(groups.flat().map((message) => [message.event.seq, message]));
  return replies.map(({ seq }) => bySeq.get(seq)!);
}

async function readMessages(
  store: LogStore,
  channel: ChannelId,
  segments: readonly Segment[],
  from: Seq,
  to: Seq,
): Promise<FoundMessage[]> {
  const [rows, annotations] = await Promise.all([
    readRange(store, channel, segments, from, to),
    readAnnotations(store, channel, segments, from, to),
  ]);
  const cellsOf = (row: LogRow) => annotations.filter(({ target }) => target === row.seq);
  return rows.map((row) => ({ event: Event.decode(row.event), cells: cellsOf(row) }));
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
