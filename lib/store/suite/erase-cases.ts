import assert from "node:assert/strict";
import type { Append } from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import { appendOf, firstEpoch, newChannel, readAll, type StoreOf, startUs } from "./samples.js";

const blank = Uint8Array.of(1, 2, 3);

/** That what was erased is gone, and stays gone. */
export function eraseCases(store: StoreOf): void {
  function erasureOf({ channel, bucket }: Append, seq: number, changes: Partial<Erasure> = {}): Erasure {
    return { channel, bucket, seq, event: blank, written: startUs + 100, ...changes };
  }

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
}
