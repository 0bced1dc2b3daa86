import assert from "node:assert/strict";
import { sharedCassandra } from "../../../tests/cassandra.js";
import type { RelatedRange } from "../projection-store.js";
import { annotation, appendOf, newChannel, readAll, relatedRow, startUs } from "../suite/samples.js";
import type { CassandraStore } from "./cassandra-store.js";
import { createClient } from "./client.js";
import { openOn, optionsOn } from "./test-store.js";

describe("reads from Cassandra", () => {
  const server = sharedCassandra();
  let store: CassandraStore;
  before(async () => {
    store = await openOn(server());
  });
  after(() => store?.close());

  /** How many requests something costs. */
  async function costOf(work: () => Promise<unknown>): Promise<number> {
    const before = store.stats().sent;
    await work();
    return store.stats().sent - before;
  }

  it("are one query for a thousand equal ones in flight", async () => {
    const append = appendOf(newChannel(), 1, 50);
    await store.append("one", append);
    let pages: unknown[] = [];
    const cost = await costOf(async () => {
      pages = await Promise.all(Array.from({ length: 1000 }, () => readAll(store, append.channel)));
    });
    assert.equal(cost, 1);
    for (const page of pages) assert.deepEqual(page, append.rows);
    const note = annotation(3, { channel: append.channel });
    await store.annotate([note]);
    const range = { channel: note.channel, bucket: note.bucket, from: 1, to: 9 };
    const read = () => Promise.all(Array.from({ length: 1000 }, () => store.readAnnotations(range)));
    assert.equal(await costOf(read), 1);
  });

  it("are not shared with one that began before: what was acknowledged in between is read", async () => {
    const first = appendOf(newChannel(), 1, 1);
    const second = appendOf(first.channel, 2, 2);
    await store.append("one", first);
    const early = readAll(store, first.channel);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await store.append("one", second);
    const late = readAll(store, first.channel);
    assert.deepEqual(await late, [...first.rows, ...second.rows]);
    assert.deepEqual((await early)[0], first.rows[0]);
  });

  it("of a page that is found whole are one query, erased rows among them", async () => {
    const { channel, ...append } = appendOf(newChannel(), 1, 100);
    await store.append("one", { channel, ...append });
    await store.erase([
      {
        ...{ channel, bucket: startUs, seq: 60, author: "", clientMsgId: "" },
        ...{ event: new Uint8Array(), written: startUs + 999 },
      },
    ]);
    for (const downward of [true, false]) {
      const page = () => readAll(store, channel, { from: 31, to: 80, limit: 60, downward });
      assert.equal(await costOf(page), 1);
      assert.equal((await page()).length, 50);
    }
  });
});

describe("what is related to a message in Cassandra", () => {
  const server = sharedCassandra();
  let store: CassandraStore;
  before(async () => {
    store = await openOn(server());
  });
  after(() => store?.close());

  /** Rows of many blocks, with few in each. */
  const placesOf = { reply: [5, 6, 9_000, 20_000, 20_001, 90_000], deletion: [1, 2, 3, 4, 5, 6] };
  const hourUs = 3600 * 1_000_000;

  for (const kind of ["reply", "deletion"] as const) {
    it(`is read page by page through blocks, of kind ${kind}`, async () => {
      const { channel } = relatedRow(1);
      const target = kind === "deletion" ? 0 : startUs;
      const rows = placesOf[kind].map((seq, at) => {
        const id = startUs + (kind === "deletion" ? Math.floor(at / 2) * 5 * hourUs + at : seq);
        return relatedRow(seq, { channel, target, kind, id, written: id });
      });
      await store.relate(rows);
      const read = (changes: Partial<RelatedRange>) =>
        store.readRelated({ channel, target, kind, after: 0, limit: 100, downward: false, ...changes });
      assert.deepEqual(await read({}), rows);
      assert.deepEqual(await read({ downward: true }), rows.toReversed());
      for (const limit of [1, 2, 3, 5]) {
        for (let at = -1; at < rows.length; at++) {
          const after = rows[at]?.id ?? 0;
          const rest = rows.slice(at + 1);
          assert.deepEqual(await read({ after, limit }), rest.slice(0, limit));
          assert.deepEqual(await read({ after, limit, downward: true }), rest.toReversed().slice(0, limit));
        }
      }
    });
  }

  it("is found around blocks that are listed but have no rows", async () => {
    const { channel, target } = relatedRow(1);
    const rows = [1, 2, 10_000, 90_000].map((seq) => relatedRow(seq, { channel, target }));
    await store.relate(rows);
    const client = createClient(optionsOn(server()));
    const { keyspace } = optionsOn(server());
    const list = `INSERT INTO ${keyspace}.related_blocks (channel_id, target, kind, block)
      VALUES (?, ?, 'reply', ?)`;
    for (const block of [4, 5, 6, 7, 8, 12, 13, 14]) await client.execute(list, [channel, target, block]);
    await client.shutdown();
    for (const downward of [true, false]) {
      for (let at = -1; at < rows.length; at++) {
        const range = { channel, target, kind: "reply", after: rows[at]?.id ?? 0, limit: 100 } as const;
        const rest = rows.slice(at + 1);
        assert.deepEqual(
          await store.readRelated({ ...range, downward }),
          downward ? rest.toReversed() : rest,
        );
      }
    }
  });

  it("costs no query beyond the index and the blocks that have the page", async () => {
    const { channel, target } = relatedRow(1);
    const rows = Array.from({ length: 40 }, (_, at) => relatedRow(at * 10_000, { channel, target }));
    await store.relate(rows);
    const before = store.stats().sent;
    const range = { channel, target, kind: "reply", after: 0, limit: 3 } as const;
    const newest = await store.readRelated({ ...range, downward: true });
    assert.deepEqual(newest, rows.toReversed().slice(0, 3));
    assert.equal(store.stats().sent - before, 4);
  });
});
