import assert from "node:assert/strict";
import { Event } from "../../../gen/confab/v1/types.js";
import { general, type OwnerStage } from "../../../services/channel/owner-stage.js";
import { Row, type Scenario, until } from "./scenario.js";

/** More posts than an owner reads when it finds a channel. */
const postCount = 1300;

/** Posts something under an id, and much after it; returns when that has its last moment. */
async function postMuch(owner: OwnerStage): Promise<number> {
  const deadlineUs = (owner.clock.now() + 10_000) * 1000;
  owner.post("once", { deadlineUs }, "m1");
  await owner.settle();
  for (let i = 0; i < postCount; i++) owner.post("much");
  await owner.settle();
  return deadlineUs;
}

/** A command comes again at the next owner, marked as it was and with the epoch of the first one. */
export const otherTerm: Scenario = {
  name: "believes no mark of a first attempt that was meant for another term",
  without: "first-attempt-believed-of-any-term",
  promise: "G4",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    const deadlineUs = await postMuch(first);
    const second = row.owner(6);
    const again = second.post("once", { epoch: 5, deadlineUs }, "m1");
    await second.settle();
    assert.equal(second.answer(again), 4);
  },
};

/** A command comes again at the owner that carried it out, and that has forgotten the channel since. */
export const forgotten: Scenario = {
  name: "believes no mark of a first attempt that was sent before the channel was forgotten",
  without: "first-attempt-believed-after-eviction",
  promise: "G4",
  run: async () => {
    const row = new Row();
    const owner = row.owner(5, 0, 100);
    await owner.found();
    const deadlineUs = await postMuch(owner);
    for (let i = 0; i < 100 && owner.owner.activeChannels > 0; i++) owner.clock.advance(100);
    assert.equal(owner.owner.activeChannels, 0, "the channel is forgotten");
    const again = owner.post("once", { deadlineUs: Math.max(deadlineUs, owner.clock.now() * 1000) }, "m1");
    await owner.settle();
    assert.equal(owner.answer(again), 4);
  },
};

/** A command comes again in the same term, when more was posted since than is remembered. */
export const outOfMemory: Scenario = {
  name: "believes no mark of a first attempt that is older than what is remembered",
  without: "late-first-attempt-believed",
  promise: "G4",
  run: async () => {
    const row = new Row();
    const owner = row.owner(5);
    await owner.found();
    owner.post("once", {}, "m1");
    await owner.settle();
    for (let i = 2; i <= 20; i++) owner.post("much", {}, `m${i}`);
    await owner.settle();
    const again = owner.post("once", {}, "m1");
    await owner.settle();
    assert.equal(owner.answer(again), 4);
  },
};

/** An owner in between rewrote a message that was deleted since, under a higher epoch than its row has. */
export const lateRewrite: Scenario = {
  name: "lets no late rewrite bring an erased message back",
  without: "erasure-leaves-no-mark",
  promise: "erasure",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    const secret = first.post("secret");
    await first.settle();
    const between = row.owner(6);
    between.read();
    await row.lose(between, await until(between, ({ name }) => name === "append"), 2);
    first.post("never confirmed");
    await row.cluster.during({ writes: [0, 1] }, () => first.release("append"));
    const last = row.owner(7);
    last.command({ $case: "delete", value: { messageId: first.position(secret).id } });
    await last.settle();
    row.cluster.land();
    const store = row.cluster.open();
    for (const { bucket } of await store.readBuckets(general)) {
      const range = { channel: general, bucket, from: 4, to: 4, limit: 100, bytesEnough: 1e9 };
      for (const { event } of await store.readRows({ ...range, downward: false })) {
        const { kind } = Event.decode(event);
        assert.equal(kind?.$case === "messagePosted" && kind.value.text, "");
      }
    }
  },
};
