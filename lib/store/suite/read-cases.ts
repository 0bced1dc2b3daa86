import assert from "node:assert/strict";
import type { RowRange } from "../log-store.js";
import { appendOf, firstEpoch, newChannel, readAll, type StoreOf, startUs } from "./samples.js";

/** The order and the extent of what is read. */
export function readCases(store: StoreOf): void {
  /** Rows 1 to 5 of one epoch, with 2 to 3 of a higher and 3 to 4 of a lower one, as `seq:epoch` pairs. */
  async function mixed() {
    const channel = newChannel();
    await store().append("one", appendOf(channel, 1, 5, { epoch: firstEpoch + 5 }));
    await store().append("two", appendOf(channel, 2, 3, { epoch: firstEpoch + 6 }));
    await store().append("zero", appendOf(channel, 3, 4, { epoch: firstEpoch + 4 }));
    return async (changes: Partial<RowRange>) => {
      const rows = await readAll(store(), channel, changes);
      return rows.map(({ seq, epoch }) => `${seq}:${epoch - firstEpoch}`).join(" ");
    };
  }

  it("reads upward by seq, within one by descending epoch", async () => {
    const read = await mixed();
    assert.equal(await read({}), "1:5 2:6 2:5 3:6 3:5 3:4 4:5 4:4 5:5");
  });

  it("reads downward by seq, within one by descending epoch", async () => {
    const read = await mixed();
    assert.equal(await read({ downward: true }), "5:5 4:5 4:4 3:6 3:5 3:4 2:6 2:5 1:5");
  });

  it("reads a range with both its ends", async () => {
    const read = await mixed();
    assert.equal(await read({ from: 2, to: 3 }), "2:6 2:5 3:6 3:5 3:4");
    assert.equal(await read({ from: 4, to: 4, downward: true }), "4:5 4:4");
    assert.equal(await read({ from: 6 }), "");
    assert.equal(await read({ from: 4, to: 3 }), "");
  });

  it("ends at the limit, rows of all epochs counted", async () => {
    const read = await mixed();
    assert.equal(await read({ limit: 3 }), "1:5 2:6 2:5");
    assert.equal(await read({ limit: 2, downward: true }), "5:5 4:5");
    assert.equal(await read({ limit: 0 }), "");
  });

  it("begins with the highest epoch of a seq, however little is asked for", async () => {
    const read = await mixed();
    assert.equal(await read({ from: 3, limit: 1 }), "3:6");
    assert.equal(await read({ from: 3, limit: 1, bytesEnough: 0 }), "3:6");
    assert.equal(await read({ from: 3, bytesEnough: 0 }), "3:6");
  });

  it("ends with the row that makes the bytes enough, be it the first", async () => {
    const channel = newChannel();
    const event = new Uint8Array(1000);
    await store().append("one", appendOf(channel, 1, 9, { event }));
    const read = async (changes: Partial<RowRange>) =>
      (await readAll(store(), channel, changes)).map(({ seq }) => seq);
    assert.deepEqual(await read({ bytesEnough: 2000 }), [1, 2]);
    assert.deepEqual(await read({ bytesEnough: 2001 }), [1, 2, 3]);
    assert.deepEqual(await read({ bytesEnough: 2001, downward: true }), [9, 8, 7]);
    assert.deepEqual(await read({ bytesEnough: 2001, limit: 2 }), [1, 2]);
    assert.deepEqual(await read({ bytesEnough: 0, from: 4 }), [4]);
    assert.deepEqual(await read({ bytesEnough: 1, from: 10 }), []);
  });

  it("keeps buckets and channels apart", async () => {
    const append = appendOf(newChannel(), 1, 1);
    await store().append("one", append);
    await store().append("one", { ...appendOf(append.channel, 2, 2), bucket: startUs + 1 });
    await store().append("one", appendOf(newChannel(), 3, 3));
    assert.deepEqual(await readAll(store(), append.channel), append.rows);
  });

  it("reads the bucket map by epoch, then by the first seq", async () => {
    const channel = newChannel();
    const entries = [
      { epoch: firstEpoch + 1, bucket: startUs + 3, firstSeq: 30 },
      { epoch: firstEpoch, bucket: startUs + 9, firstSeq: 20 },
      { epoch: firstEpoch + 1, bucket: startUs + 1, firstSeq: 15 },
      { epoch: firstEpoch, bucket: startUs + 1, firstSeq: 1 },
    ];
    for (const entry of [...entries, entries[0]!]) await store().listBucket("one", channel, entry);
    const [a, b, c, d] = entries;
    assert.deepEqual(await store().readBuckets(channel), [d, b, c, a]);
    assert.deepEqual(await store().readBuckets(newChannel()), []);
  });
}
