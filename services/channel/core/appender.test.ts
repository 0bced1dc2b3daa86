import assert from "node:assert/strict";
import type { LogRow } from "../../../lib/store/log-store.js";
import { general, OwnerStage } from "../owner-stage.js";

describe("an append", () => {
  let stage: OwnerStage;
  /** All rows of the channel's only bucket. */
  const stored = async (): Promise<LogRow[]> => {
    const bucket = (await stage.memory.readBuckets(general))[0]!.bucket;
    return stage.memory.readRows({
      ...{ channel: general, bucket, from: 1, to: 1000 },
      ...{ limit: 1000, bytesEnough: 1e9, downward: false },
    });
  };
  const texts = async () => (await stored()).slice(3).map(({ clientMsgId }) => clientMsgId);

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  for (const tookEffect of [true, false]) {
    it(`of unknown outcome that ${tookEffect ? "did" : "did not"} happen is sent again, alike`, async () => {
      const number = stage.post("hello", {}, "m1");
      stage.post("waits", {}, "m2");
      const sent = stage.held("append").append;
      await stage.fail("append", "unknown", tookEffect);
      assert.equal(stage.waiting, "");
      stage.clock.advance(20);
      assert.deepEqual(stage.held("append").append, sent);
      await stage.fail("append", "unknown", tookEffect);
      stage.clock.advance(39);
      assert.equal(stage.waiting, "", "waits longer after each failure");
      stage.clock.advance(1);
      assert.deepEqual(stage.held("append").append, sent);
      await stage.release("append", "confirm");
      assert.equal(stage.answer(number), 4);
      await stage.settle();
      assert.deepEqual(await texts(), ["m1", "m2"]);
    });
  }

  it("waits a second at most before it is sent again", async () => {
    stage.post("hello");
    for (let tries = 0; tries < 12; tries++) {
      await stage.fail("append", "unknown");
      stage.clock.advance(1000);
    }
    assert.equal(stage.waiting, "append");
  });

  it("that was not written after a try of unknown outcome is not believed to be", async () => {
    const number = stage.post("hello", {}, "m1");
    const sent = stage.held("append").append;
    await stage.fail("append", "unknown", true);
    stage.clock.advance(20);
    await stage.fail("append", "notWritten");
    assert.equal(stage.answer(number), undefined);
    stage.clock.advance(1000);
    assert.deepEqual(stage.held("append").append, sent);
    await stage.fail("append", "notWritten");
    stage.clock.advance(1000);
    await stage.settle();
    assert.equal(stage.answer(number), 4);
    assert.deepEqual(await texts(), ["m1"]);
  });

  it("that was not written fails its callers, and the next one has its places", async () => {
    const failed = [stage.post("one", {}, "m1")];
    await stage.fail("append", "notWritten");
    failed.push(stage.post("two", {}, "m2"));
    const waits = stage.post("three", {}, "m3");
    await stage.fail("append", "notWritten");
    assert.deepEqual(
      failed.map((number) => stage.answer(number)),
      ["unavailable", "unavailable"],
    );
    await stage.settle();
    assert.equal(stage.answer(waits), 4);
    assert.deepEqual(await texts(), ["m3"]);
    assert.deepEqual(
      (await stored()).map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
  });

  it("that was not written once may be wished again under the same id", async () => {
    const first = stage.post("hello", {}, "m1");
    await stage.fail("append", "notWritten");
    const again = stage.post("hello", { firstAttempt: false }, "m1");
    await stage.settle();
    assert.deepEqual([stage.answer(first), stage.answer(again)], ["unavailable", 4]);
  });

  it("that is refused because of a fence ends the life, and answers nobody", async () => {
    const number = stage.post("hello");
    await stage.memory.fence(stage.incarnation);
    await stage.release("append");
    assert.deepEqual([stage.ended, stage.answer(number), stage.waiting], [["fenced"], undefined, ""]);
  });

  it("is not answered when the confirm finds a fence, nor shown", async () => {
    stage.attach();
    const number = stage.post("hello");
    const waits = stage.post("waits");
    await stage.release("append");
    await stage.memory.fence(stage.incarnation);
    await stage.release("confirm");
    assert.deepEqual([stage.ended, stage.waiting], [["fenced"], ""]);
    stage.owner.close();
    assert.deepEqual([stage.answer(number), stage.answer(waits)], [undefined, "not_owner"]);
    assert.deepEqual(
      stage.down().map(({ item }) => item?.$case),
      ["attached"],
    );
  });

  it("whose confirm gets no answer waits for one", async () => {
    const number = stage.post("hello");
    await stage.release("append");
    await stage.fail("confirm", "unknown");
    assert.deepEqual([stage.answer(number), stage.waiting], [undefined, ""]);
    stage.clock.advance(50);
    await stage.release("confirm");
    assert.equal(stage.answer(number), 4);
  });
});
