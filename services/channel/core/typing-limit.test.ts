import assert from "node:assert/strict";
import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { ada, bob, general, OwnerStage } from "../owner-stage.js";

describe("typing hints", () => {
  let stage: OwnerStage;
  const hints = () => stage.down().flatMap(({ item }) => (item?.$case === "transient" ? [item.value] : []));

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
    stage.attach();
  });

  it("are shown without a place and never touch the store", () => {
    const number = stage.type();
    assert.deepEqual(stage.position(number), { seq: 0, id: 0 });
    assert.equal(stage.waiting, "");
    const [hint] = hints();
    assert.deepEqual([hint?.author, hint?.afterSeq], [ada, 3]);
    const value = { channelId: general, userId: ada, parentId: 0 };
    assert.deepEqual(ServerFrame.decode(hint!.frame).frame, { $case: "typing", value });
  });

  it("are shown once in 3 seconds of each user, by whatever way they come", () => {
    const types = () => stage.answer(stage.type());
    assert.deepEqual([types(), types()], [0, 0]);
    stage.type({ author: bob });
    assert.deepEqual(
      hints().map(({ author }) => author),
      [ada, bob],
    );
    stage.clock.advance(2999);
    assert.equal(types(), 0);
    stage.wish({ $case: "typing", value: { userId: ada, parentId: 0 } });
    assert.equal(hints().length, 2);
    stage.clock.advance(1);
    stage.wish({ $case: "typing", value: { userId: ada, parentId: 0 } });
    types();
    assert.deepEqual(
      hints().map(({ author }) => author),
      [ada, bob, ada],
    );
    stage.clock.advance(3000);
    types();
    assert.equal(hints().length, 4);
  });

  it("are not held up by a clock that stepped back", () => {
    stage.type();
    stage.clock.advance(-60_000);
    stage.type();
    assert.equal(hints().length, 2);
  });

  it("of others than members are refused, and a gateway's dropped", () => {
    const stranger = "U00000000000X";
    assert.equal(stage.answer(stage.type({ author: stranger })), "not_in_channel");
    stage.wish({ $case: "typing", value: { userId: stranger, parentId: 0 } });
    assert.equal(stage.down().length, 1);
  });

  it("wait for a channel that is being found, where they come as commands", async () => {
    const next = new OwnerStage({ memory: stage.memory, clock: stage.clock, epoch: 7 });
    next.attach();
    const number = next.type();
    await next.settle();
    assert.equal(next.answer(number), 0);
    assert.deepEqual(
      next.down().map(({ item }) => item?.$case),
      ["attached", "transient"],
    );
    const nowhere = next.type({ channelId: "C000000000002" });
    await next.settle();
    assert.equal(next.answer(nowhere), "channel_not_found");
  });
});
