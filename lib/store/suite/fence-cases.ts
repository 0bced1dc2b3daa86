import assert from "node:assert/strict";
import { Fenced } from "../log-store.js";
import { appendOf, firstEpoch, newChannel, newName, readAll, type StoreOf, startUs } from "./samples.js";

/** What a fence stops. */
export function fenceCases(store: StoreOf): void {
  it("writes nothing for a fenced incarnation", async () => {
    const [fenced, free] = [newName(), newName()];
    const append = appendOf(newChannel(), 1, 2);
    await store().fence(fenced);
    await assert.rejects(store().append(fenced, append), Fenced);
    const entry = { epoch: firstEpoch, bucket: startUs, firstSeq: 1 };
    await assert.rejects(store().listBucket(fenced, append.channel, entry), Fenced);
    assert.deepEqual(await readAll(store(), append.channel), []);
    assert.deepEqual(await store().readBuckets(append.channel), []);
    assert.deepEqual(await keysOf(append), []);
    await store().append(free, append);
    assert.deepEqual(await readAll(store(), append.channel), append.rows);
  });

  it("confirms an incarnation until it is fenced", async () => {
    const incarnation = newName();
    await store().confirm(incarnation);
    await store().fence(incarnation);
    await assert.rejects(store().confirm(incarnation), Fenced);
    await store().confirm(newName());
  });

  it("takes a fence twice", async () => {
    const incarnation = newName();
    await Promise.all([store().fence(incarnation), store().fence(incarnation)]);
    await assert.rejects(store().confirm(incarnation), Fenced);
  });

  it("keeps a roster of lives until each is taken off", async () => {
    const [one, other] = [newName(), newName()];
    const generation = newName();
    await store().enlist({ incarnation: one, generation });
    await store().enlist({ incarnation: other, generation });
    await store().enlist({ incarnation: one, generation });
    const listed = async () => {
      const all = await store().readRoster();
      return all.filter((row) => row.generation === generation).map(({ incarnation }) => incarnation);
    };
    assert.deepEqual((await listed()).sort(), [one, other].sort());
    await store().delist(one);
    await store().delist(one);
    assert.deepEqual(await listed(), [other]);
  });

  it("stops what comes after the fence in the same turn, and nothing else", async () => {
    const incarnation = newName();
    const [before, after, other] = [newChannel(), newChannel(), newChannel()];
    const results = await Promise.allSettled([
      store().append(incarnation, appendOf(before, 1, 1)),
      store().fence(incarnation),
      store().append(incarnation, appendOf(after, 1, 1)),
      store().append(newName(), appendOf(other, 1, 1)),
    ]);
    assert.deepEqual(
      results.map((result) => result.status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
    const found = await Promise.all([before, after, other].map((channel) => readAll(store(), channel)));
    assert.deepEqual(
      found.map((rows) => rows.length),
      [1, 0, 1],
    );
  });

  function keysOf(append: ReturnType<typeof appendOf>) {
    const { author, clientMsgId } = append.keys[0]!;
    return store().findKeys(append.channel, append.bucket, author, clientMsgId);
  }
}
