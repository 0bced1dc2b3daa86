import assert from "node:assert/strict";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import type { LogRow } from "../../../lib/store/log-store.js";
import { ada, bob, general, OwnerStage } from "../owner-stage.js";

describe("the activation of a channel", () => {
  let stage: OwnerStage;
  /** The next owner, over the same store; the change of owner was a release unless `cleanFrom` says not. */
  const takeOver = (cleanFrom = 5, epoch = 7) =>
    new OwnerStage({ memory: stage.memory, clock: stage.clock, epoch, cleanFrom });
  const rows = async (bucket?: number): Promise<LogRow[]> => {
    const first = (await stage.memory.readBuckets(general))[0]!.bucket;
    const range = { channel: general, bucket: bucket ?? first, from: 1, to: 1000 };
    return stage.memory.readRows({ ...range, limit: 1000, bytesEnough: 1e9, downward: false });
  };
  const names = async () => (await rows()).map(({ seq, epoch }) => `${seq}@${epoch}`).join(" ");

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  it("happens once, at first use; what comes meanwhile waits for it, in order", async () => {
    const next = takeOver();
    assert.equal(next.waiting, "");
    const one = next.post("one");
    const two = next.post("two");
    next.attach();
    const page = next.read();
    assert.equal(next.waiting, "find");
    await next.settle();
    assert.deepEqual([next.answer(one), next.answer(two), page.length], [4, 5, 1]);
    assert.equal(next.down()[0]?.item?.$case, "attached");
  });

  it("is tried again when the store does not answer", async () => {
    const next = takeOver();
    const number = next.post("hello");
    await next.fail("find", "unknown");
    next.clock.advance(99);
    assert.equal(next.waiting, "");
    next.clock.advance(1);
    await next.settle();
    assert.equal(next.answer(number), 4);
  });

  it("finds the tail, so that seq and id go on", async () => {
    const last = stage.post("last");
    await stage.settle();
    stage.clock.advance(-60_000);
    const next = takeOver();
    const number = next.post("goes on");
    await next.settle();
    const { seq, id } = stage.position(last);
    assert.deepEqual(next.position(number), { seq: seq + 1, id: id + 1 });
  });

  it("finds how many messages there are, more than the rows that are read", async () => {
    for (let i = 0; i < 1200; i++) stage.post("x");
    await stage.settle();
    const next = takeOver();
    next.post("one more");
    await next.release("find");
    assert.equal(next.held("append").append?.rows[0]?.messages, 1201);
  });

  it("finds members that were projected, and those of rows that were not", async () => {
    const cleo = "U00000000000C";
    stage.join([cleo]);
    await stage.release("append", "confirm");
    assert.equal(stage.waiting, "project");
    assert.equal((await stage.memory.readMembers(general)).length, 2);
    const next = takeOver();
    const numbers = [ada, bob, cleo].map((author) => next.post("hello", { author }));
    const stranger = next.post("hello", { author: "U00000000000X" });
    await next.settle();
    assert.deepEqual(
      numbers.map((number) => next.answer(number)),
      [4 + 1, 4 + 2, 4 + 3],
    );
    assert.equal(next.answer(stranger), "not_in_channel");
    assert.equal((await stage.memory.readMembers(general)).length, 3);
  });

  it("finds members whose joining lies further back than the rows that are read", async () => {
    for (let i = 0; i < 1200; i++) stage.post("x");
    await stage.settle();
    const next = takeOver();
    const number = next.post("hello", { author: bob });
    await next.settle();
    assert.equal(next.answer(number), 1204);
  });

  it("finds all that was not projected, however far back it lies", async () => {
    const cleo = "U00000000000C";
    stage.join([cleo]);
    await stage.release("append", "confirm");
    stage.clock.advance(10 * 24 * 3600_000);
    for (let i = 0; i < 600; i++) stage.post("x");
    await stage.release("listBucket");
    while (stage.waiting.includes("append")) await stage.release("append", "confirm");
    const next = takeOver();
    const number = next.post("hello", { author: cleo });
    await next.settle();
    assert.equal(next.answer(number), 605);
    const members = await stage.memory.readMembers(general);
    assert.deepEqual(
      members.map(({ user, seq }) => [user, seq]),
      [
        [ada, 2],
        [bob, 3],
        [cleo, 4],
      ],
    );
  });

  it("knows a public channel as such, however far back its creation lies", async () => {
    const open = new OwnerStage();
    open.create({}, ConversationType.CONVERSATION_TYPE_PUBLIC);
    for (let i = 0; i < 1200; i++) open.post("x");
    await open.settle();
    const next = new OwnerStage({ memory: open.memory, clock: open.clock, epoch: 7, cleanFrom: 5 });
    const answers = next.read({ reader: "U00000000000X", limit: 1 });
    await next.settle();
    assert.ok(answers[0] && "page" in answers[0]);
  });

  it("writes the last append again, whole and under its own epoch, before it answers or shows", async () => {
    stage.post("keeps the store busy");
    stage.post("one", {}, "m1");
    stage.post("two", {}, "m2");
    await stage.settle();
    const before = await rows();
    const next = takeOver(7);
    const number = next.post("three");
    const again = next.post("two", {}, "m2");
    const page = next.read();
    next.attach();
    await next.release("find");
    assert.equal(next.waiting, "listBucket");
    const { bucket } = (await stage.memory.readBuckets(general))[0]!;
    assert.deepEqual(next.held("listBucket").entry, { epoch: 7, bucket, firstSeq: 5 });
    await next.release("listBucket");
    const { append } = next.held("append");
    assert.equal(append?.bucket, bucket);
    const expected = before.slice(4).map((row) => ({ ...row, epoch: 7, projected: 4 }));
    assert.deepEqual(append?.rows, expected);
    assert.deepEqual(
      append?.keys.map(({ clientMsgId, epoch, seq }) => [clientMsgId, epoch, seq]),
      [
        ["m1", 7, 5],
        ["m2", 7, 6],
      ],
    );
    await next.release("append");
    assert.equal(next.waiting, "confirm");
    assert.deepEqual([next.results.size, next.down().length, page.length], [0, 0, 0]);
    await next.release("confirm");
    assert.equal(next.down().length, 1);
    await next.settle();
    assert.deepEqual([next.answer(number), next.answer(again), page.length], [7, 6, 1]);
    assert.equal(await names(), "1@5 2@5 3@5 4@5 5@7 5@5 6@7 6@5 7@7");
  });

  it("retries that until it is done, be it refused, unknown or without an answer", async () => {
    const next = takeOver(7);
    const number = next.post("hello");
    await next.release("find");
    for (const name of ["listBucket", "append"] as const) {
      const sent = next.held(name);
      for (const failure of ["notWritten", "unknown", "notWritten"] as const) {
        await next.fail(name, failure);
        next.clock.advance(1000);
        const { entry, append } = next.held(name);
        assert.deepEqual({ entry, append }, { entry: sent.entry, append: sent.append });
      }
      await next.release(name);
    }
    await next.settle();
    assert.equal(next.answer(number), 4);
  });

  it("ends the life when that finds a fence", async () => {
    const next = takeOver(7);
    const number = next.post("hello");
    await next.release("find", "listBucket", "append");
    await stage.memory.fence(next.incarnation);
    await next.release("confirm");
    assert.deepEqual([next.ended, next.answer(number)], [["fenced"], undefined]);
  });

  it("writes nothing again when every change of owner since the last append was a release", async () => {
    const next = takeOver(5);
    const page = next.read();
    await next.settle();
    assert.equal(page.length, 1);
    assert.equal(await names(), "1@5 2@5 3@5");
    assert.equal((await stage.memory.readBuckets(general)).length, 1);
  });

  it("takes an append whole that its writer never heard of", async () => {
    stage.post("in the store", {}, "m1");
    await stage.fail("append", "unknown", true);
    const next = takeOver(7);
    const retry = next.post("in the store", { firstAttempt: false }, "m1");
    await next.settle();
    assert.equal(next.answer(retry), 4);
    assert.equal(await names(), "1@5 2@5 3@5 4@7 4@5");
  });

  it("drops an append of which a row is missing, and puts others into its place", async () => {
    stage.post("keeps the store busy");
    stage.post("one");
    stage.post("two");
    await stage.release("append", "confirm");
    const { append } = stage.held("append");
    await stage.memory.append("life-5", { ...append!, rows: append!.rows.slice(0, 1), keys: [] });
    const next = takeOver(7);
    const number = next.post("other");
    await next.settle();
    assert.equal(next.answer(number), 5);
    assert.equal(await names(), "1@5 2@5 3@5 4@7 4@5 5@7 5@5");
  });

  it("under an epoch below a row's asks for a newer one and answers nothing", async () => {
    const next = takeOver(5, 4);
    const number = next.post("hello");
    await next.settle();
    assert.deepEqual([next.ended, next.answer(number), await names()], [[5], undefined, "1@5 2@5 3@5"]);
  });

  it("does the same for a higher epoch of rows that do not count, and of a bucket", async () => {
    stage.post("keeps the store busy");
    stage.post("one");
    stage.post("two");
    await stage.release("append", "confirm");
    const { append } = stage.held("append");
    const row = { ...append!.rows[0]!, epoch: 9 };
    await stage.memory.append("life-9", { ...append!, rows: [row], keys: [] });
    const next = takeOver(5);
    next.post("hello");
    await next.settle();
    assert.deepEqual(next.ended, [9]);

    await stage.memory.listBucket("life-11", general, { epoch: 11, bucket: row.id, firstSeq: 6 });
    const another = takeOver(5, 10);
    another.post("hello");
    await another.settle();
    assert.deepEqual(another.ended, [11]);
  });
});
