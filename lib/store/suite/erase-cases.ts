import assert from "node:assert/strict";
import type { Append } from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import { appendOf, firstEpoch, newChannel, readAll, type StoreOf, startUs } from "./samples.js";

const blank = Uint8Array.of(1, 2, 3);

/** That what was erased is gone, and stays gone. */
export function eraseCases(store: StoreOf): void {
  function erasureOf(append: Append, seq: number, changes: Partial<Erasure> = {}): Erasure {
    const { channel, bucket, rows } = append;
    const { author, clientMsgId } = rows[seq - rows[0]!.seq]!;
    const place = { channel, bucket, seq, author, clientMsgId };
    return { ...place, event: blank, written: startUs + 100, ...changes };
  }
  const hashes = async ({ channel, bucket, rows }: Append, { clientMsgId } = rows[0]!) => {
    const keys = await store().findKeys(channel, bucket, rows[0]!.author, clientMsgId);
    return keys.sort((a, b) => a.epoch - b.epoch).map(({ bodyHash }) => bodyHash);
  };

  it("erases the event of a row and leaves the rest of it", async () => {
    const append = appendOf(newChannel(), 1, 3);
    await store().append("one", append);
    await store().erase([erasureOf(append, 2)]);
    const [first, second, third] = append.rows;
    assert.deepEqual(await readAll(store(), append.channel), [first, { ...second, event: blank }, third]);
  });

  it("does not bring back what was erased when its append comes again", async () => {
    const append = appendOf(newChannel(), 1, 2);
    await store().append("one", append);
    await store().erase([erasureOf(append, 1), erasureOf(append, 2)]);
    await store().append("one", append);
    const rows = await readAll(store(), append.channel);
    assert.deepEqual(
      rows.map(({ event }) => event),
      [blank, blank],
    );
  });

  it("erases the rows of all epochs, those too that come later", async () => {
    const kept = appendOf(newChannel(), 1, 1, { epoch: firstEpoch + 1 });
    const rival = (epoch: number) => appendOf(kept.channel, 1, 1, { epoch });
    await store().append("one", kept);
    await store().append("zero", rival(firstEpoch - 1));
    await store().erase([erasureOf(kept, 1)]);
    await store().append("two", rival(firstEpoch));
    // Rows of lower epochs may be gone altogether.
    const rows = await readAll(store(), kept.channel);
    assert.deepEqual(rows[0], { ...kept.rows[0], event: blank });
    await store().append("three", rival(firstEpoch + 2));
    const later = await readAll(store(), kept.channel);
    assert.deepEqual(later[0], { ...rival(firstEpoch + 2).rows[0], event: blank });
    for (const { event } of [...rows, ...later]) assert.deepEqual(event, blank);
  });

  it("erases what has not come yet", async () => {
    const append = appendOf(newChannel(), 1, 2);
    await store().erase([erasureOf(append, 2)]);
    await store().append("one", append);
    const [first, second] = append.rows;
    assert.deepEqual(await readAll(store(), append.channel), [first, { ...second, event: blank }]);
  });

  it("erases nothing of a later event, nor of another bucket or channel", async () => {
    const append = appendOf(newChannel(), 1, 1);
    await store().append("one", append);
    await store().erase([
      erasureOf(append, 1, { written: append.rows[0]!.id - 1 }),
      erasureOf(append, 1, { bucket: append.bucket + 1 }),
      erasureOf(append, 1, { channel: newChannel() }),
    ]);
    assert.deepEqual(await readAll(store(), append.channel), append.rows);
  });

  it("lets the later erasure stay, whichever is written last", async () => {
    const append = appendOf(newChannel(), 1, 1);
    const later = erasureOf(append, 1, { event: Uint8Array.of(9), written: startUs + 200 });
    await store().append("one", append);
    for (const erasure of [erasureOf(append, 1), later, erasureOf(append, 1)]) await store().erase([erasure]);
    await store().append("one", append);
    assert.deepEqual(await readAll(store(), append.channel), [{ ...append.rows[0], event: later.event }]);
  });

  it("shares no bytes with its caller", async () => {
    const append = appendOf(newChannel(), 1, 1);
    await store().append("one", append);
    const event = Buffer.from("gone");
    const erased = store().erase([erasureOf(append, 1, { event })]);
    event.fill(0);
    await erased;
    const [row] = await readAll(store(), append.channel);
    assert.equal(new TextDecoder().decode(row!.event), "gone");
  });

  it("erases the hash of a message's key and leaves the rest of it", async () => {
    const append = appendOf(newChannel(), 1, 2);
    await store().append("one", append);
    await store().erase([erasureOf(append, 1)]);
    const [first, second] = append.keys;
    const { channel, bucket } = append;
    const { author, clientMsgId } = first!;
    const keys = await store().findKeys(channel, bucket, author, clientMsgId);
    assert.deepEqual(keys, [{ ...first, bodyHash: "" }]);
    assert.deepEqual(await hashes(append, append.rows[1]), [second?.bodyHash]);
  });

  it("erases the keys of all epochs, those too that come later or again", async () => {
    const kept = appendOf(newChannel(), 1, 1, { epoch: firstEpoch + 1 });
    const elsewhere = appendOf(kept.channel, 2, 2, { epoch: firstEpoch - 1, clientMsgId: "client-1" });
    const late = appendOf(kept.channel, 1, 1, { epoch: firstEpoch });
    await store().append("one", kept);
    await store().append("zero", elsewhere);
    await store().erase([erasureOf(kept, 1)]);
    for (const append of [late, kept, elsewhere]) await store().append("two", append);
    assert.deepEqual(await hashes(kept), ["", "", ""]);
  });

  it("erases the key that has not come yet, and none of a later post, another author or bucket", async () => {
    const append = appendOf(newChannel(), 1, 1);
    await store().erase([erasureOf(append, 1)]);
    await store().append("one", append);
    assert.deepEqual(await hashes(append), [""]);
    const later = appendOf(append.channel, 2, 2, { clientMsgId: "client-1", id: startUs + 101 });
    await store().append("one", later);
    await store().erase([erasureOf(append, 1)]);
    assert.deepEqual(await hashes(later), ["hash of 2"]);
    const other = appendOf(newChannel(), 1, 1);
    await store().append("one", other);
    await store().erase([
      erasureOf(other, 1, { author: "U0000000000B2" }),
      erasureOf(other, 1, { bucket: other.bucket + 1 }),
      erasureOf(other, 1, { channel: newChannel() }),
      erasureOf(other, 1, { clientMsgId: "" }),
      erasureOf(other, 1, { written: other.rows[0]!.id - 1 }),
    ]);
    assert.deepEqual(await hashes(other), ["hash of 1"]);
  });
}
