import assert from "node:assert/strict";
import type { Event } from "../../../gen/confab/v1/types.js";
import { openOn } from "../../../lib/store/cassandra/test-store.js";
import type { LogRow, RowRange } from "../../../lib/store/log-store.js";
import { openSqliteStore } from "../../../lib/store/sqlite/sqlite-store.js";
import { temporaryFolder } from "../../../lib/store/sqlite/temporary-folder.js";
import type { Store } from "../../../lib/store/store.js";
import { firstEpoch, logRow, newChannel, startUs } from "../../../lib/store/suite/samples.js";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { findChannel } from "../activation.js";
import { segmentsOf } from "../core/bucket-map.js";
import { readRange } from "../read-range.js";
import { ada, MessageStage } from "./message-stage.js";

/** Events of a bucket, beyond which the next one is opened. */
const bucketRowsMax = 10_000;
const postsPerFrame = 256;
/** A conversation begins with its creation and its creator's joining. */
const eventsOfCreation = 2;

function post(text: string) {
  return { $case: "post", value: { text, clientMsgId: text, parentId: 0, broadcast: false } } as const;
}

function textOf({ kind }: Event): string {
  return kind?.$case === "messagePosted" ? kind.value.text : "";
}

/** What channels do over a store that keeps things. */
function channelCases(open: () => Promise<Store>): void {
  let store: Store;
  before(async () => {
    store = await open();
  });
  after(() => store?.close());

  it("open the next bucket under load, and lose, double and reorder nothing", async () => {
    const stage = new MessageStage(store, newChannel());
    await stage.begin();
    const texts = Array.from({ length: bucketRowsMax + 600 }, (_, at) => `${at}`);
    const outcomes: Promise<unknown>[] = [];
    let reads = 0;
    for (let at = 0; at < texts.length; at += postsPerFrame) {
      const frame = texts.slice(at, at + postsPerFrame).map((text) => ({ author: ada, action: post(text) }));
      const given = stage.giveAll(frame);
      outcomes.push(...given);
      const [first] = await Promise.all([given[0], stage.history()]);
      assert.equal(first?.$case, "position");
      reads++;
    }
    await Promise.all(outcomes);
    const map = await store.readBuckets(stage.channel);
    assert.equal(new Set(map.map(({ bucket }) => bucket)).size, 2);
    const segments = segmentsOf(map);
    const last = texts.length + eventsOfCreation;
    const rows = await readRange(store, stage.channel, segments, 1, last);
    assert.deepEqual(
      rows.map(({ clientMsgId }) => clientMsgId),
      ["", "", ...texts],
    );
    assert.ok(segments.at(-1)!.from > bucketRowsMax - postsPerFrame && reads > 40);
    stage.takeOver();
    const found = await stage.post(ada, "after");
    assert.equal(found.seq, last + 1);
  }).timeout(120_000);

  it("show no text of a message that is deleted while a reader catches up", async () => {
    const stage = new MessageStage(store, newChannel());
    await stage.begin();
    const posted = await Promise.all(
      stage.giveAll(["a", "b", "c", "d", "e", "f"].map((text) => ({ author: ada, action: post(text) }))),
    );
    const target = posted[3];
    assert.equal(target?.$case, "position");
    const before = await stage.events(3, 2);
    assert.deepEqual(before.map(textOf), ["a", "b"]);
    const { id, seq } = target.value;
    stage.holdProjections();
    assert.equal(typeof (await stage.give(ada, { $case: "delete", value: { messageId: id } })), "object");
    assert.deepEqual((await stage.events(5, 4)).map(textOf), ["c", "", "e", "f"]);
    stage.releaseProjections();
    await stage.projected();
    assert.deepEqual((await stage.events(5, 4)).map(textOf), ["c", "", "e", "f"]);
    stage.takeOver();
    assert.deepEqual((await stage.events(3, 6)).map(textOf), ["a", "b", "c", "", "e", "f"]);
    const [row] = await readRange(
      store,
      stage.channel,
      segmentsOf(await store.readBuckets(stage.channel)),
      seq,
      seq,
    );
    assert.ok(!Buffer.from(row!.event).includes("d\u{0}") && row!.event.length < 60);
  });

  it("read no empty bucket of a channel with 200 sparse ones", async () => {
    const channel = newChannel();
    const bucketOf = (seq: number) => startUs + seq * 1000;
    for (let seq = 1; seq <= 200; seq++) {
      const row = logRow(seq, { id: bucketOf(seq), kind: "message" });
      const entries = [
        { epoch: firstEpoch, bucket: bucketOf(seq), firstSeq: seq },
        // Listed by an owner that was fenced before it wrote there.
        ...(seq % 10 === 0 ? [{ epoch: firstEpoch - 1, bucket: bucketOf(seq) + 1, firstSeq: seq }] : []),
      ];
      await Promise.all(entries.map((entry) => store.listBucket("one", channel, entry)));
      await store.append("one", { channel, bucket: bucketOf(seq), rows: [row], keys: [] });
    }
    const counting = new CountingStore(store);
    const found = await findChannel(counting.store, channel);
    assert.deepEqual(
      found.rows.map(({ seq }) => seq),
      Array.from({ length: 200 }, (_, at) => at + 1),
    );
    assert.equal(counting.empty, 0);
    counting.reads = 0;
    assert.equal((await readRange(counting.store, channel, found.segments, 101, 150)).length, 50);
    assert.deepEqual([counting.reads, counting.empty], [50, 0]);
  }).timeout(60_000);
}

/** Counts the reads of rows, and those that find nothing. */
class CountingStore {
  reads = 0;
  empty = 0;
  readonly store: Store;

  constructor(store: Store) {
    const readRows = async (range: RowRange): Promise<LogRow[]> => {
      const rows = await store.readRows(range);
      this.reads++;
      if (rows.length === 0) this.empty++;
      return rows;
    };
    this.store = new Proxy(store, {
      get: (target, name) => {
        if (name === "readRows") return readRows;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}

describe("channels over a store in SQLite", () => {
  const temporary = temporaryFolder();
  channelCases(() => openSqliteStore({ folder: temporary.path }));
});

describe("channels over a store in Cassandra", () => {
  const server = sharedCassandra();
  channelCases(() => openOn(server()));
}).timeout(60_000);
