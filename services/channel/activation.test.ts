import assert from "node:assert/strict";
import { Event } from "../../gen/confab/v1/types.js";
import type { LogRow } from "../../lib/store/log-store.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { findChannel } from "./activation.js";
import { segmentsOf } from "./core/bucket-map.js";
import { ada, general } from "./owner-stage.js";
import { readRange } from "./read-range.js";

const bucket = 1000;
const readRowsMax = 1024;

describe("finding a channel in the store", () => {
  let store: MemoryStore;

  beforeEach(async () => {
    store = new MemoryStore();
    await store.listBucket("one", general, { epoch: 1, bucket, firstSeq: 1 });
  });

  /** Writes appends of one row each, confirmed each before the next. */
  async function write(from: number, to: number, epoch: number, inBucket = bucket): Promise<void> {
    for (let seq = from; seq <= to; seq++) await append(seq, seq, epoch, inBucket);
  }
  async function append(first: number, last: number, epoch: number, inBucket = bucket): Promise<void> {
    const rows: LogRow[] = [];
    for (let seq = first; seq <= last; seq++) {
      const event = Event.encode({ seq, id: seq, author: ada, kind: undefined }).finish();
      const place = { seq, epoch, id: 1000 + seq, first, last, projected: first - 1, messages: 0 };
      rows.push({
        ...place,
        ...{ told: 0, kind: "", author: ada, clientMsgId: "", parentId: 0, targetId: 0, event },
      });
    }
    await store.append("one", { channel: general, bucket: inBucket, rows, keys: [] });
  }
  const found = async () => {
    const { rows, highestEpoch } = await findChannel(store, general);
    const [first, last] = [rows[0], rows.at(-1)];
    return { first: first?.seq, last: last && `${last.seq}@${last.epoch}`, highestEpoch };
  };
  const segments = async () => segmentsOf(await store.readBuckets(general));

  it("finds nothing of a channel that was only listed", async () => {
    assert.deepEqual(await found(), { first: undefined, last: undefined, highestEpoch: 1 });
    assert.equal((await findChannel(new MemoryStore(), general)).highestEpoch, 0);
  });

  it("reads at least the newest 512 events, however many epochs' rows each of them has", async () => {
    for (const epoch of [5, 6, 7]) await write(1, 900, epoch);
    const { first, last } = await found();
    assert.equal(last, "900@7");
    assert.ok(first !== undefined && first <= 900 - 511, `from ${first}`);
    const { rows } = await findChannel(store, general);
    assert.ok(rows.every(({ epoch }) => epoch === 7));
  });

  it("takes the last append for whole though its rows come in several reads", async () => {
    await write(1, 600, 5);
    for (const epoch of [5, 6, 7, 8, 9]) await append(601, 856, epoch);
    assert.deepEqual((await found()).last, "856@9");
  });

  it("reads on in older buckets, and in each only what the map gives it", async () => {
    await write(1, 400, 1);
    await write(401, 450, 1);
    await store.listBucket("one", general, { epoch: 2, bucket: 2000, firstSeq: 401 });
    await write(401, 402, 2, 2000);
    assert.deepEqual(await found(), { first: 1, last: "402@2", highestEpoch: 2 });
  });

  it("reads a range of more rows than one read gives, the highest epoch of each event", async () => {
    for (const epoch of [5, 6, 7]) await write(1, 900, epoch);
    const rows = await readRange(store, general, await segments(), 2, 899);
    assert.ok(rows.length * 3 > 2 * readRowsMax);
    assert.deepEqual(
      rows.map(({ seq, epoch }) => [seq, epoch]),
      Array.from({ length: 898 }, (_, i) => [i + 2, 7]),
    );
  });

  it("does not take a range for read of which an event is missing", async () => {
    await write(1, 3, 5);
    await write(5, 6, 5);
    const map = await segments();
    await assert.rejects(readRange(store, general, map, 1, 6), /lacks event 4 of 1 to 6/);
    assert.deepEqual(await readRange(store, general, map, 7, 6), []);
  });
});
