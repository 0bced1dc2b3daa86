import type { Epoch, EventId } from "../../../lib/ids/ids.js";
import type { Bucket } from "../../../lib/store/log-store.js";
import type { Segment } from "./bucket-map.js";
import type { ChannelState } from "./channel-state.js";

/** A bucket is closed after this many rows, or when it is this old in µs. */
const bucketRowsMax = 10_000;
const bucketAgeMaxUs = 10 * 24 * 3600 * 1_000_000;

/**
 * The bucket for the events after the tail: the one that the map gives, or a new one, named by the id of
 * its first event, when that is full or old. An owner that found no event trusts no rows of the map but its
 * own.
 */
export function bucketForNext(
  state: ChannelState,
  epoch: Epoch,
  firstId: EventId,
  rows: number,
): { bucket: Bucket; isNew: boolean } {
  const { segments, tail } = state;
  const last = segments[segments.length - 1];
  const fits =
    last !== undefined &&
    (tail.seq > 0 || last.epoch === epoch) &&
    firstId - last.bucket < bucketAgeMaxUs &&
    tail.seq - firstSeqOf(segments, last.bucket) + 1 + rows <= bucketRowsMax;
  return fits ? { bucket: last.bucket, isNew: false } : { bucket: firstId, isNew: true };
}

/** Where a bucket that is listed several times in a row begins. */
function firstSeqOf(segments: readonly Segment[], bucket: Bucket): number {
  const before = segments.findLastIndex((segment) => segment.bucket !== bucket);
  return segments[before + 1]!.from;
}
