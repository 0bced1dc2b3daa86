import type { Epoch, Seq } from "../../../lib/ids/ids.js";
import type { Bucket, BucketEntry } from "../../../lib/store/log-store.js";

/** From `from` on, until the next segment begins, rows are in `bucket`; listed there under `epoch`. */
export interface Segment {
  readonly from: Seq;
  readonly bucket: Bucket;
  readonly epoch: Epoch;
}

/** A range of `seq`s, both ends included, that one bucket holds. */
export interface BucketRange {
  readonly bucket: Bucket;
  readonly from: Seq;
  readonly to: Seq;
}

/**
 * Which bucket holds which events, in ascending order. A row of the map voids everything from its
 * `firstSeq` on that lower epochs listed (the leader-epoch cache of Kafka, KIP-101).
 */
export function segmentsOf(entries: readonly BucketEntry[]): Segment[] {
  const ordered = [...entries].sort(
    (a, b) => a.epoch - b.epoch || a.firstSeq - b.firstSeq || a.bucket - b.bucket,
  );
  const segments: Segment[] = [];
  for (const entry of ordered) addSegment(segments, segmentOf(entry));
  return segments;
}

/** The segment that a row of the map begins. */
export function segmentOf({ firstSeq, bucket, epoch }: BucketEntry): Segment {
  return { from: firstSeq, bucket, epoch };
}

/** Applies one more row of the map, of an epoch not below any before it. */
export function addSegment(segments: Segment[], segment: Segment): void {
  while (segments.length > 0 && segments[segments.length - 1]!.from >= segment.from) segments.pop();
  segments.push(segment);
}

/** The segment that an event belongs to, or undefined before the first. */
export function segmentFor(segments: readonly Segment[], seq: Seq): Segment | undefined {
  return segments.findLast((segment) => segment.from <= seq);
}

/** The buckets to read for a range of events, ascending; each only for the `seq`s that the map gives it. */
export function rangesOf(segments: readonly Segment[], from: Seq, to: Seq): BucketRange[] {
  const ranges: BucketRange[] = [];
  for (const [i, segment] of segments.entries()) {
    const end = Math.min(to, (segments[i + 1]?.from ?? Number.POSITIVE_INFINITY) - 1);
    const start = Math.max(from, segment.from);
    if (start <= end) ranges.push({ bucket: segment.bucket, from: start, to: end });
  }
  return ranges;
}
