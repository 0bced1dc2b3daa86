import assert from "node:assert/strict";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { StallingProxy } from "../../../tools/testing/stalling-proxy.js";
import type { ChannelId } from "../../ids/ids.js";
import { NotWritten } from "../log-store.js";
import { appendOf, newChannel, readAll } from "../suite/samples.js";
import type { CassandraStore } from "./cassandra-store.js";
import { openOn } from "./test-store.js";

const requestMsMax = 500;

const isUnknown = (error: unknown) => error instanceof Error && !(error instanceof NotWritten);

describe("a store that loses sight of Cassandra", () => {
  const server = sharedCassandra();
  let proxy: StallingProxy;
  let direct: CassandraStore;
  let store: CassandraStore;
  before(async () => {
    proxy = await StallingProxy.before(server().contactPoints[0]!);
    direct = await openOn(server());
    store = await openOn({ contactPoints: [proxy.address] }, { requestMsMax });
  });
  after(async () => {
    proxy?.resume();
    await store?.close();
    await direct?.close();
    await proxy?.close();
  });
  afterEach(() => proxy?.resume());

  it("does not know of a write whose answer is lost, and finds it done when it is sent again", async () => {
    const append = appendOf(newChannel(), 1, 20);
    await store.append("one", appendOf(newChannel(), 1, 20));
    proxy.stall("answers");
    await assert.rejects(store.append("one", append), isUnknown);
    assert.deepEqual(await readAll(direct, append.channel), append.rows);
    proxy.resume();
    await store.append("one", append);
    assert.deepEqual(await readAll(store, append.channel), append.rows);
  });

  it("does not know of a write that is held up, which takes effect long after", async () => {
    const append = appendOf(newChannel(), 1, 3);
    const place = { channel: append.channel, bucket: append.bucket, author: "", clientMsgId: "" };
    const erasure = { ...place, event: Uint8Array.of(1) };
    await store.append("one", append);
    proxy.stall("requests");
    await assert.rejects(store.append("one", append), isUnknown);
    await direct.erase([{ ...erasure, seq: 2, written: append.rows[2]!.id + 1 }]);
    const erased = await readAll(direct, append.channel);
    proxy.resume();
    // What is sent on the same connection comes after what was held up.
    await store.append("one", append);
    assert.deepEqual(await readAll(direct, append.channel), erased);
    assert.deepEqual(erased[1]?.event, Uint8Array.of(1));
  });

  it("does not know of a write whose connection breaks, and goes on by itself", async () => {
    const append = appendOf(newChannel(), 1, 3);
    proxy.stall("answers");
    const written = store.append("one", append);
    await assert.rejects(
      Promise.all([written, readUntil(direct, append.channel).then(() => proxy.cut())]),
      isUnknown,
    );
    proxy.resume();
    await untilWritten(() => store.append("one", append));
    assert.deepEqual(await readAll(store, append.channel), append.rows);
  });

  it("rejects a fence, a confirm and a read that are not answered, in bounded time", async () => {
    const ask = () => [store.fence("lost"), store.confirm("one"), store.readBuckets(newChannel())];
    await Promise.all(ask());
    proxy.stall("answers");
    for (const asked of ask()) await assert.rejects(asked, isUnknown);
  });
}).timeout(60_000);

/** Resolves once the channel has rows. */
async function readUntil(store: CassandraStore, channel: ChannelId): Promise<void> {
  while ((await readAll(store, channel)).length === 0);
}

/** Sends a write again until it is done, as its owner would. */
async function untilWritten(write: () => Promise<void>): Promise<void> {
  for (let isWritten = false; !isWritten; ) {
    await new Promise((resolve) => setImmediate(resolve));
    isWritten = await write().then(
      () => true,
      () => false,
    );
  }
}
