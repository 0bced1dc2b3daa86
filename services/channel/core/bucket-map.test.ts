import assert from "node:assert/strict";
import { rangesOf, segmentFor, segmentsOf } from "./bucket-map.js";

describe("the bucket map", () => {
  const entries = [
    { epoch: 5, bucket: 100, firstSeq: 1 },
    { epoch: 5, bucket: 200, firstSeq: 50 },
    { epoch: 5, bucket: 300, firstSeq: 80 },
  ];

  it("gives each event the bucket that was listed last at or below it", () => {
    const segments = segmentsOf(entries);
    assert.deepEqual(
      [1, 49, 50, 79, 80, 999].map((seq) => segmentFor(segments, seq)?.bucket),
      [100, 100, 200, 200, 300, 300],
    );
  });

  it("lets a row of a higher epoch void all that lower epochs listed from its first seq on", () => {
    const segments = segmentsOf([{ epoch: 6, bucket: 400, firstSeq: 60 }, ...entries]);
    assert.deepEqual(segments, [
      { from: 1, bucket: 100, epoch: 5 },
      { from: 50, bucket: 200, epoch: 5 },
      { from: 60, bucket: 400, epoch: 6 },
    ]);
  });

  it("does not depend on the order of the rows", () => {
    const rows = [
      ...entries,
      { epoch: 6, bucket: 400, firstSeq: 60 },
      { epoch: 7, bucket: 200, firstSeq: 50 },
    ];
    assert.deepEqual(segmentsOf([...rows].reverse()), segmentsOf(rows));
  });

  it("splits a range into what each bucket holds of it, and reads no bucket for others' events", () => {
    assert.deepEqual(rangesOf(segmentsOf(entries), 40, 85), [
      { bucket: 100, from: 40, to: 49 },
      { bucket: 200, from: 50, to: 79 },
      { bucket: 300, from: 80, to: 85 },
    ]);
    assert.deepEqual(rangesOf(segmentsOf(entries), 55, 56), [{ bucket: 200, from: 55, to: 56 }]);
    assert.deepEqual(rangesOf([], 1, 10), []);
  });
});
