import assert from "node:assert/strict";
import { FeedRing } from "./feed-ring.js";

function ringOf(count: number, bytes = 10): FeedRing {
  const ring = new FeedRing();
  for (let seq = 1; seq <= count; seq++) {
    ring.add({ seq, id: seq, frame: new Uint8Array(bytes), membership: false, deletes: 0 });
  }
  return ring;
}

const above = (ring: FeedRing, seq: number) => ring.above(seq)?.map((event) => event.seq);

describe("the ring of a channel's recent events", () => {
  it("gives what is above an event, and nothing where it does not reach", () => {
    assert.deepEqual(above(ringOf(5), 3), [4, 5]);
    assert.deepEqual(above(ringOf(5), 0), [1, 2, 3, 4, 5]);
    assert.deepEqual(above(ringOf(5), 5), []);
    assert.equal(above(new FeedRing(), 0), undefined);
  });

  it("keeps 256 events, however many there were", () => {
    for (const count of [257, 512, 513, 900]) {
      const ring = ringOf(count);
      assert.equal(above(ring, count - 257), undefined, `${count}`);
      assert.equal(above(ring, count - 256)?.length, 256, `${count}`);
      assert.equal(above(ring, count - 1)?.[0], count);
    }
  });

  it("keeps 256 KiB, and not even one event that is larger", () => {
    const ring = ringOf(9, 64 * 1024);
    assert.equal(above(ring, 4), undefined);
    assert.deepEqual(above(ring, 5), [6, 7, 8, 9]);
    const large = ringOf(1, 256 * 1024 + 1);
    assert.equal(above(large, 0), undefined);
    large.add({ seq: 2, id: 2, frame: new Uint8Array(1), membership: false, deletes: 0 });
    assert.deepEqual(above(large, 1), [2]);
  });
});
