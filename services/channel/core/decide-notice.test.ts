import assert from "node:assert/strict";
import { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { ada, bob, general, OwnerStage, other } from "../owner-stage.js";

const own = ada as ChannelId;

describe("a notice on a user's own channel", () => {
  let stage: OwnerStage;
  const give = async (seq: number, changes: { channelId?: string; author?: string; about?: string } = {}) => {
    const { channelId = own, author = ada, about = general } = changes;
    const value = { channelId: about, seq, joined: true };
    const number = stage.command({ $case: "notice", value }, { channelId, author });
    await stage.settle();
    return stage.answer(number);
  };

  beforeEach(() => {
    stage = new OwnerStage();
    stage.own(own, {});
  });

  it("is written, and said to gateways", async () => {
    stage.attach(undefined, { channelId: own });
    assert.equal(await give(7), 1);
    const [row] = await stage.memory.readRows({
      ...{ channel: own, bucket: stage.clock.now() * 1000, from: 1, to: 1, limit: 1, downward: false },
    });
    assert.deepEqual(Event.decode(row!.event).kind, {
      $case: "membershipChanged",
      value: { channelId: general, seq: 7, joined: true },
    });
    assert.deepEqual(
      stage.down().map(({ item }) => item?.$case),
      ["attached", "delivery"],
    );
  });

  it("is written once, and not after a newer one of the same conversation", async () => {
    assert.deepEqual([await give(7), await give(7), await give(5)], [1, 1, 1]);
    assert.deepEqual([await give(9), await give(7), await give(7, { about: other })], [2, 2, 3]);
  });

  it("is written once when it comes twice at a time", async () => {
    const value = { channelId: general, seq: 7, joined: true };
    const numbers = [1, 2].map(() => stage.command({ $case: "notice", value }, { channelId: own }));
    await stage.settle();
    assert.deepEqual(
      numbers.map((number) => stage.answer(number)),
      [1, 1],
    );
  });

  it("is known to the next owner", async () => {
    await give(7);
    stage = new OwnerStage({ memory: stage.memory, clock: stage.clock, epoch: 6 });
    stage.own(own, {});
    assert.deepEqual([await give(7), await give(8)], [1, 2]);
  });

  it("is refused where it makes no sense", async () => {
    assert.equal(await give(7, { channelId: general }), "invalid_argument");
    assert.equal(await give(7, { author: bob }), "not_in_channel");
    assert.equal(await give(7, { about: own }), "invalid_id");
    assert.equal(await give(0), "missing_argument");
    assert.equal(await give(7), 1);
  });

  it("makes the channel one that its user may follow, and nobody else, also before the first", async () => {
    for (const userId of [ada, bob]) stage.wish({ $case: "ask", value: { userId } }, { channelId: own });
    await stage.settle();
    const answers = stage.down().map(({ item }) => item?.$case === "member" && item.value.member);
    assert.deepEqual(answers, [true, false]);
  });

  it("stands beside the list of conversations, read after the question and last joined first", async () => {
    await stage.found();
    stage.clock.advance(1);
    await stage.found(other);
    stage.command({ $case: "leave", value: { userIds: [bob] } }, { author: bob });
    await stage.settle();
    const list = (channelId: string) =>
      stage.wish({ $case: "memberships", value: { number: 3 } }, { channelId });
    list(own);
    await stage.fail("readUserChannels", "unknown");
    list(own);
    await stage.settle();
    list(general);
    const [listed, refused, ...none] = stage.down().map(({ item }) => item);
    assert.deepEqual(none, []);
    assert.ok(listed?.$case === "memberships" && refused?.$case === "refused");
    const conversations = [other, general].map((channelId) => ({ channelId, joinedSeq: 2 }));
    assert.deepEqual(listed.value, { channelId: own, number: 3, conversations, more: false });
    assert.equal(refused.value.refusal?.code, "invalid_id");
  });
});
