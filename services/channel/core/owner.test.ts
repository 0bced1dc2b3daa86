import assert from "node:assert/strict";
import type { Refusal } from "../../../gen/confab/mesh/v1/write.js";
import { general, OwnerStage, other } from "../owner-stage.js";
import type { ReadOutcome } from "./answers.js";

/** The record of another server's ownership. */
const another = (epoch: number) => ({ memberId: "two", incarnation: "life-of-two", address: "two:1", epoch });

describe("an owner", () => {
  let stage: OwnerStage;

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  const refusal = (number: number): Partial<Refusal> => {
    const outcome = stage.results.get(number);
    assert.equal(outcome?.$case, "refusal");
    const { code, ownerEpoch } = outcome.value;
    return { code, ownerEpoch };
  };
  const readRefusal = ([answer]: ReadOutcome[]) => {
    assert.ok(answer && "refusal" in answer);
    const { code, ownerEpoch } = answer.refusal;
    return { code, ownerEpoch };
  };
  const kinds = () => stage.down().map(({ item }) => item?.$case);

  it("counts its slots", () => {
    assert.equal(stage.owner.ownedSlots, 2);
    stage.own(other, another(6));
    assert.equal(stage.owner.ownedSlots, 1);
    stage.own(other, { epoch: 7 });
    stage.own(general, undefined);
    assert.equal(stage.owner.ownedSlots, 1);
  });

  it("refuses channels of others with the newest epoch that it knows", () => {
    stage.own(general, another(6));
    assert.deepEqual(refusal(stage.post("hello")), { code: "not_owner", ownerEpoch: 6 });
    assert.deepEqual(readRefusal(stage.read()), { code: "not_owner", ownerEpoch: 6 });
    stage.own(general, undefined);
    assert.deepEqual(refusal(stage.post("hello")), { code: "not_owner", ownerEpoch: 6 });
    const nobody = stage.post("hello", { channelId: "C00000000000Z", epoch: 0 });
    assert.deepEqual(refusal(nobody), { code: "not_owner", ownerEpoch: 0 });
  });

  it("waits for its own view to catch up with a newer epoch, and then does what it may", async () => {
    stage.own(general, another(6));
    const number = stage.post("hello", { epoch: 7 });
    const answers = stage.read({ epoch: 7 });
    stage.wish({ $case: "attach", value: { position: undefined } }, { epoch: 7 });
    stage.clock.advance(999);
    stage.own(other, { epoch: 6 });
    assert.deepEqual([stage.results.has(number), answers.length, kinds(), stage.waiting], [false, 0, [], ""]);
    stage.own(general, { epoch: 7 });
    await stage.settle();
    assert.deepEqual([stage.answer(number), answers.length, kinds()[0]], [4, 1, "attached"]);
    stage.clock.advance(1000);
    await stage.settle();
    assert.equal(answers.length, 1);
  });

  it("refuses after a second, be it another's channel or its own of an older term", async () => {
    stage.own(general, another(6));
    const foreign = stage.post("hello", { epoch: 7 });
    const own = stage.post("hello", { channelId: other, epoch: 7 });
    const answers = stage.read({ channelId: other, epoch: 7 });
    stage.wish({ $case: "ask", value: { userId: "U1" } }, { channelId: other, epoch: 7 });
    stage.clock.advance(999);
    assert.deepEqual([stage.results.has(foreign), stage.results.has(own)], [false, false]);
    stage.clock.advance(1);
    assert.deepEqual(refusal(foreign), { code: "not_owner", ownerEpoch: 6 });
    assert.deepEqual(refusal(own), { code: "not_owner", ownerEpoch: 5 });
    assert.deepEqual(readRefusal(answers), { code: "not_owner", ownerEpoch: 5 });
    assert.deepEqual([kinds(), stage.waiting], [["refused"], ""]);
  });

  it("lets 10,000 requests wait so, and refuses more at once", () => {
    const numbers = Array.from({ length: 10_001 }, () => stage.post("hello", { epoch: 6 }));
    assert.equal(stage.results.size, 2 + 1);
    assert.deepEqual(refusal(numbers.at(-1)!), { code: "not_owner", ownerEpoch: 5 });
    stage.own(general, another(6));
    assert.deepEqual(refusal(numbers[0]!), { code: "not_owner", ownerEpoch: 6 });
  });

  it("that loses a slot refuses what has no place yet and tells gateways", async () => {
    stage.attach();
    const flying = stage.post("in flight");
    const waiting = stage.post("waits");
    stage.own(general, another(6));
    assert.deepEqual(refusal(waiting), { code: "not_owner", ownerEpoch: 6 });
    assert.deepEqual(kinds(), ["attached", "detached"]);
    await stage.settle();
    stage.clock.advance(10_000);
    assert.equal(stage.answer(flying), undefined, "its outcome is for the next owner to tell");
    assert.deepEqual(kinds(), ["attached", "detached"]);
    assert.equal(stage.waiting, "");
  });

  it("that loses a slot refuses reads, be they waiting for the store or for the channel", async () => {
    const reading = stage.read();
    const unopened = stage.read({ channelId: other });
    stage.own(general, another(6));
    stage.own(other, another(7));
    assert.deepEqual(readRefusal(reading), { code: "not_owner", ownerEpoch: 6 });
    assert.deepEqual(readRefusal(unopened), { code: "not_owner", ownerEpoch: 7 });
    await stage.settle();
    assert.deepEqual([reading.length, unopened.length], [1, 1]);
  });

  it("that loses a slot lets other channels be", async () => {
    await stage.found(other);
    stage.attach(2, { channelId: other });
    stage.own(general, another(6));
    const number = stage.post("hello", { channelId: other });
    await stage.settle();
    assert.deepEqual([stage.answer(number), kinds()], [4, ["attached", "delivery"]]);
  });

  it("gives up look-ups, projections and retries of a slot that it lost", async () => {
    stage.join(["U00000000000C"]);
    await stage.release("append", "confirm");
    const number = stage.post("hello", { firstAttempt: false }, "m1");
    assert.equal(stage.waiting, "project findKey");
    stage.own(general, another(6));
    await stage.fail("project", "unknown");
    await stage.fail("findKey", "unknown");
    stage.clock.advance(10_000);
    assert.deepEqual([stage.waiting, refusal(number).code], ["", "not_owner"]);

    stage.own(general, { epoch: 7 });
    stage.post("hello", { epoch: 7 });
    stage.own(general, another(8));
    await stage.fail("find", "unknown");
    stage.clock.advance(10_000);
    assert.equal(stage.waiting, "");
  });

  for (const by of ["another owner", "a record of a newer term"]) {
    it(`that is given a slot anew by ${by} finds its channels again, under the new epoch`, async () => {
      stage.attach();
      if (by === "another owner") stage.own(general, another(6));
      stage.own(general, { epoch: 7, cleanFrom: 5 });
      assert.deepEqual(kinds(), ["attached", "detached"]);
      const number = stage.post("hello", { epoch: 7 });
      assert.equal(stage.waiting, "find");
      await stage.release("find");
      assert.equal(stage.held("append").append?.rows[0]?.epoch, 7);
      await stage.settle();
      assert.equal(stage.answer(number), 4);
    });
  }

  it("that is told again what it knows goes on undisturbed", async () => {
    stage.attach();
    const number = stage.post("hello");
    stage.own(general, {});
    await stage.settle();
    assert.deepEqual([stage.answer(number), kinds()], [4, ["attached", "delivery"]]);
  });

  it("that ends refuses everything, what it had not yet come to included", () => {
    const waiting = stage.post("hello");
    const parked = [stage.post("hello", { epoch: 6 }), stage.post("hello", { epoch: 6 })];
    const answers = [stage.read(), stage.read({ epoch: 6 })];
    stage.owner.close();
    stage.owner.close();
    assert.equal(stage.results.has(waiting), false, "its append is under way");
    for (const number of parked) assert.equal(stage.answer(number), "not_owner");
    for (const read of answers) assert.equal(readRefusal(read).code, "not_owner");
    assert.equal(readRefusal(stage.read()).code, "not_owner");
    assert.equal(stage.waiting, "append confirm");
  });

  it("says the newest event again 5 seconds after it, once", async () => {
    stage.attach();
    stage.post("hello");
    await stage.settle();
    stage.clock.advance(3000);
    stage.post("again");
    await stage.settle();
    const newest = () =>
      stage.down().flatMap(({ item }) => (item?.$case === "newest" ? [item.value.seq] : []));
    stage.clock.advance(4999);
    assert.deepEqual(newest(), []);
    stage.clock.advance(1001);
    assert.deepEqual(newest(), [5]);
    stage.clock.advance(60_000);
    assert.deepEqual(newest(), [5]);
    stage.post("and once more");
    await stage.settle();
    stage.clock.advance(60_000);
    assert.deepEqual(newest(), [5, 6]);
  });
});
