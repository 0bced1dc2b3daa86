import assert from "node:assert/strict";
import type { ChannelId } from "../../ids/ids.js";
import { NotWritten } from "../log-store.js";
import {
  appendOf,
  assertSameSet,
  firstEpoch,
  newChannel,
  readAll,
  type StoreOf,
  startUs,
} from "./samples.js";

/** What an append promises. */
export function appendCases(store: StoreOf): void {
  it("keeps every field of every row of an append", async () => {
    const append = appendOf(newChannel(), 1, 3, {
      parentId: startUs - 7,
      targetId: startUs - 9,
      projected: 2,
      told: 5,
    });
    await store().append("one", append);
    assert.deepEqual(await readAll(store(), append.channel), append.rows);
  });

  it("changes nothing when the same append comes twice", async () => {
    const append = appendOf(newChannel(), 1, 3);
    await Promise.all([store().append("one", append), store().append("one", append)]);
    await store().append("one", append);
    assert.deepEqual(await readAll(store(), append.channel), append.rows);
  });

  it("changes nothing when the same append comes again after a rival's rows", async () => {
    const mine = appendOf(newChannel(), 1, 2);
    const rival = appendOf(mine.channel, 1, 2, { epoch: firstEpoch + 1, author: "U0000000000B2" });
    await store().append("one", mine);
    await store().append("two", rival);
    await store().append("one", mine);
    const expected = [rival.rows[0], mine.rows[0], rival.rows[1], mine.rows[1]];
    assert.deepEqual(await readAll(store(), mine.channel), expected);
  });

  it("lets the row of the later event stay, whichever is written last", async () => {
    const older = appendOf(newChannel(), 5, 5);
    const newer = appendOf(older.channel, 5, 5, { id: startUs + 500, messages: 77, event: Uint8Array.of(7) });
    for (const append of [older, newer, older]) await store().append("one", append);
    assert.deepEqual(await readAll(store(), older.channel), newer.rows);
  });

  it("writes nothing of an append with a key that has no row", async () => {
    const append = appendOf(newChannel(), 1, 3);
    const stray = { ...append.keys[0]!, seq: 4 };
    const broken = { ...append, keys: [...append.keys, stray] };
    await assert.rejects(store().append("one", broken), NotWritten);
    assert.deepEqual(await readAll(store(), append.channel), []);
    assert.deepEqual(await keysOf(store, append.channel, "client-1"), []);
  });

  it("keeps 256 rows of 4 KiB in one append", async () => {
    const append = appendOf(newChannel(), 1, 256);
    const rows = append.rows.map((row) => ({ ...row, event: new Uint8Array(4096).fill(row.seq) }));
    await store().append("one", { ...append, rows });
    assert.deepEqual(await readAll(store(), append.channel), rows);
  });

  it("shares no bytes with its caller", async () => {
    const append = appendOf(newChannel(), 1, 1, { event: Buffer.from("as it was") });
    const written = store().append("one", append);
    append.rows[0]!.event.fill(0);
    await written;
    const [read] = await readAll(store(), append.channel);
    read!.event.fill(1);
    const [again] = await readAll(store(), append.channel);
    assert.equal(new TextDecoder().decode(again!.event), "as it was");
  });

  it("keeps empty and binary events", async () => {
    const append = appendOf(newChannel(), 1, 2);
    const pooled = Buffer.from([9, 0, 255, 128, 9]).subarray(1, 4);
    const rows = [
      { ...append.rows[0]!, event: new Uint8Array() },
      { ...append.rows[1]!, event: pooled },
    ];
    await store().append("one", { ...append, rows });
    const read = await readAll(store(), append.channel);
    assert.deepEqual(
      read.map(({ event }) => [...event]),
      [[], [0, 255, 128]],
    );
  });
}

/** What is kept to know a retried post by. */
export function keyCases(store: StoreOf): void {
  it("finds a message's keys of all epochs, and no other's", async () => {
    const first = appendOf(newChannel(), 1, 2);
    const second = appendOf(first.channel, 2, 3, { epoch: firstEpoch + 9 });
    await store().append("one", first);
    await store().append("two", second);
    assertSameSet(await keysOf(store, first.channel, "client-1"), [first.keys[0]]);
    assertSameSet(await keysOf(store, first.channel, "client-2"), [first.keys[1], second.keys[0]]);
    assert.deepEqual(await keysOf(store, first.channel, "client-9"), []);
    assert.deepEqual(await keysOf(store, newChannel(), "client-1"), []);
    const elsewhere = store().findKeys(first.channel, startUs + 1, "U0000000000A1", "client-1");
    assert.deepEqual(await elsewhere, []);
  });

  it("lets the key of the later event stay, whichever is written last", async () => {
    const older = appendOf(newChannel(), 1, 1, { clientMsgId: "same" });
    const newer = appendOf(older.channel, 2, 2, { clientMsgId: "same" });
    for (const append of [older, newer, older]) await store().append("one", append);
    assert.deepEqual(await keysOf(store, older.channel, "same"), newer.keys);
  });
}

function keysOf(store: StoreOf, channel: ChannelId, clientMsgId: string) {
  return store().findKeys(channel, startUs, "U0000000000A1", clientMsgId);
}
