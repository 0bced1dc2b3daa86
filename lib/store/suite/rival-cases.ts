import assert from "node:assert/strict";
import { appendOf, firstEpoch, newChannel, readAll, type StoreOf, startUs } from "./samples.js";

/** In place of the author and client_msg_id of an erased post: no key is erased. */
const ofNobody = { author: "", clientMsgId: "" };

/** All orders of some things. */
function ordersOf<One>(all: readonly One[]): One[][] {
  if (all.length <= 1) return [[...all]];
  return all.flatMap((one, at) => ordersOf(all.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}

/** That it does not matter in which order, how often and how late things are written. */
export function rivalCases(store: StoreOf): void {
  it("keeps rival rows of two epochs and an erasure, in whichever order they come", async () => {
    const blank = Uint8Array.of(7);
    for (const order of ordersOf(["old", "new", "again", "erase"] as const)) {
      const channel = newChannel();
      const old = appendOf(channel, 1, 2);
      const rival = appendOf(channel, 1, 2, { epoch: firstEpoch + 1, author: "U0000000000B2" });
      const erasure = { channel, bucket: startUs, seq: 2, event: blank, written: startUs + 50, ...ofNobody };
      for (const step of order) {
        if (step === "erase") await store().erase([erasure]);
        else await store().append("one", step === "new" ? rival : old);
      }
      const rows = await readAll(store(), channel);
      const counting = rows.filter((row, at) => row.seq !== rows[at - 1]?.seq);
      assert.deepEqual(counting, [rival.rows[0], { ...rival.rows[1], event: blank }], order.join());
      for (const row of rows) if (row.seq === 2) assert.deepEqual(row.event, blank, order.join());
    }
  });

  it("keeps an append of the largest size", async () => {
    const append = appendOf(newChannel(), 1, 256);
    const rows = append.rows.map((row) => ({ ...row, event: new Uint8Array(4096 + 64).fill(row.seq) }));
    await store().append("one", { ...append, rows });
    assert.deepEqual(await readAll(store(), append.channel), rows);
    const last = rows.slice(206);
    assert.deepEqual(await readAll(store(), append.channel, { from: 207, limit: 50 }), last);
  });

  it("changes nothing when an append comes again after all that followed it", async () => {
    const first = appendOf(newChannel(), 1, 3);
    const second = appendOf(first.channel, 4, 6);
    const again = appendOf(first.channel, 3, 3, { epoch: firstEpoch + 1 });
    const place = { channel: first.channel, bucket: startUs, seq: 2 };
    const erasure = { ...place, event: new Uint8Array(), ...ofNobody };
    await store().append("one", first);
    await store().append("one", second);
    await store().append("two", again);
    await store().erase([{ ...erasure, written: startUs + 60 }]);
    const before = await readAll(store(), first.channel);
    await store().append("one", first);
    assert.deepEqual(await readAll(store(), first.channel), before);
    assert.deepEqual(before[1]?.event, new Uint8Array());
  });

  it("reads pages of any size through rows of several epochs and erasures", async () => {
    const channel = newChannel();
    await store().append("one", appendOf(channel, 1, 40));
    await store().append("two", appendOf(channel, 11, 20, { epoch: firstEpoch + 1 }));
    for (const epoch of [firstEpoch + 1, firstEpoch + 2]) {
      await store().append("three", appendOf(channel, 2, 3, { epoch }));
    }
    const erased = [5, 11, 15, 20, 40].map((seq) => ({ seq, written: startUs + 90 }));
    await store().erase(
      erased.map((one) => ({ ...one, channel, bucket: startUs, event: Uint8Array.of(one.seq), ...ofNobody })),
    );
    for (const downward of [false, true]) {
      const whole = await readAll(store(), channel, { downward });
      assert.equal(new Set(whole.map(({ seq }) => seq)).size, 40);
      for (const limit of [1, 2, 3, 7, 19, 39, 44, 45, 50]) {
        assert.deepEqual(await readAll(store(), channel, { downward, limit }), whole.slice(0, limit));
      }
    }
  });
}
