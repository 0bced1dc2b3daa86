import assert from "node:assert/strict";
import { slotOf } from "../../../lib/ring/slot.js";
import { ada, general, OwnerStage, other } from "../owner-stage.js";

const slot = slotOf(general);
const next = { memberId: "two", incarnation: "life-of-two", address: "two:1", epoch: 6, cleanFrom: 5 };

describe("a frozen slot", () => {
  let stage: OwnerStage;
  /** What a freeze came to; undefined while that is not known. */
  let quiet: number[] | undefined;

  beforeEach(async () => {
    stage = new OwnerStage();
    quiet = undefined;
    await stage.found();
  });

  const freeze = (slots = [slot]) => {
    stage.owner.freeze(slots, stage.clock.now(), (found) => {
      quiet = found;
    });
  };
  const thaw = () => {
    stage.owner.thaw([slot], stage.clock.now());
    stage.clock.runTurn();
  };

  it("is quiet at once when nothing is in flight, and only if it is owned", () => {
    freeze([slot, slot + 1]);
    assert.deepEqual(quiet, [slot]);
  });

  it("is quiet once the write in flight is confirmed, and begins none of those that wait", async () => {
    const [first, second] = [stage.post("in flight"), stage.post("waits")];
    freeze();
    await stage.release("append");
    assert.equal(quiet, undefined, "not before it is confirmed");
    await stage.release("confirm");
    assert.deepEqual(quiet, [slot]);
    assert.deepEqual([stage.answer(first), stage.answer(second)], [4, undefined]);
    assert.ok(!stage.waiting.includes("append"));
  });

  it("is quiet when its write was proved not to be there", async () => {
    const number = stage.post("not written");
    freeze();
    await stage.fail("append", "notWritten");
    assert.deepEqual([quiet, stage.answer(number)], [[slot], "unavailable"]);
  });

  it("is not frozen while a write is older than 20 ms, or in doubt", async () => {
    stage.post("slow");
    stage.clock.advance(21);
    freeze();
    assert.deepEqual(quiet, []);
    await stage.settle();
    stage.post("in doubt");
    await stage.fail("append", "unknown");
    quiet = undefined;
    freeze();
    assert.deepEqual(quiet, []);
    stage.clock.advance(20);
    await stage.settle();
    assert.equal(stage.answer(stage.post("goes on")), undefined);
    await stage.settle();
    freeze();
    assert.deepEqual(quiet, [slot]);
  });

  it("that is not quiet after 25 ms is thawed and goes on, and others stay frozen", async () => {
    stage.post("slow");
    freeze([slot, slotOf(other)]);
    await stage.fail("append", "unknown", true);
    const parked = stage.post("parked");
    const parkedToo = stage.post("parked", { channelId: other });
    stage.clock.advance(24);
    assert.equal(quiet, undefined);
    stage.clock.advance(1);
    assert.deepEqual(quiet, [slotOf(other)]);
    await stage.settle();
    assert.deepEqual([stage.answer(parked), stage.answer(parkedToo)], [5, undefined]);
  });

  it("lets everything wait, in order, and carries it out when it is thawed", async () => {
    freeze();
    const posts = [stage.post("one"), stage.post("two")];
    const reads = stage.read();
    stage.attach();
    assert.deepEqual([stage.waiting, reads.length, stage.down()], ["", 0, []]);
    thaw();
    assert.equal(stage.down()[0]?.item?.$case, "attached");
    await stage.settle();
    assert.deepEqual([posts.map((post) => stage.answer(post)), reads.length], [[4, 5], 1]);
  });

  it("refuses what waited for a second, so that callers look again", async () => {
    freeze();
    const number = stage.post("waits");
    stage.clock.advance(999);
    assert.equal(stage.answer(number), undefined);
    stage.clock.advance(1);
    assert.equal(stage.answer(number), "not_owner");
  });

  it("refuses commands with the new epoch once it is another's, and tells gateways", async () => {
    stage.attach();
    const queued = stage.post("in flight");
    const behind = stage.post("waits");
    freeze();
    const parked = stage.post("parked");
    await stage.release("append", "confirm");
    stage.own(general, next);
    const epochs = [behind, parked].map((number) => {
      const outcome = stage.results.get(number);
      return outcome?.$case === "refusal" && outcome.value.ownerEpoch;
    });
    assert.deepEqual([stage.answer(queued), ...epochs], [4, 6, 6]);
    const kinds = stage.down().map(({ item }) => item?.$case);
    assert.deepEqual(kinds, ["attached", "delivery", "detached"]);
    assert.equal(stage.owner.ownedSlots, 1);
  });

  it("leaves no read and no question without an answer", () => {
    const reads = stage.read({ fromSeq: 1 });
    const answers: unknown[] = [];
    const question = { $case: "projected" as const, value: { seq: 3 } };
    const request = { channelId: general, epoch: 5, reader: ada, minSeq: 0, question };
    stage.owner.ask(request, stage.clock.now(), (answer) => answers.push(answer.$case));
    freeze();
    stage.own(general, next);
    assert.equal(reads.length, 1);
    assert.deepEqual(answers, ["refusal"]);
  });

  it("is not taken back for old news of the term that ended, but for a new one", () => {
    freeze();
    stage.own(general, next);
    stage.own(general, { epoch: 5 });
    assert.equal(stage.owner.ownedSlots, 1);
    stage.own(general, { epoch: 7 });
    assert.equal(stage.owner.ownedSlots, 2);
    assert.equal(stage.answer(stage.post("new term", { epoch: 7 })), undefined, "not frozen any more");
    assert.ok(stage.waiting.includes("find"));
  });

  it("does not begin to write a tail again that was found meanwhile", async () => {
    const { memory, clock } = stage;
    stage = new OwnerStage({ memory, clock, epoch: 9 });
    const number = stage.post("wakes the channel");
    freeze();
    assert.deepEqual(quiet, [slot]);
    await stage.release("find");
    assert.equal(stage.waiting, "");
    thaw();
    assert.equal(stage.waiting, "listBucket");
    await stage.settle();
    assert.equal(stage.answer(number), 4);
  });

  it("is none any more when the life ends", () => {
    stage.post("in flight");
    freeze();
    stage.owner.close();
    assert.deepEqual(quiet, []);
  });
});
