import assert from "node:assert/strict";
import type { ReadMarked } from "../../../gen/confab/v1/types.js";
import type { Position } from "../../../lib/ids/ids.js";
import { ada, bob, eve, MessageStage, talk } from "./message-stage.js";

describe("what is unread", () => {
  let stage: MessageStage;

  beforeEach(async () => {
    stage = new MessageStage();
    await stage.begin();
    await stage.give(ada, { $case: "join", value: { userIds: [bob] } });
  });

  async function place(seq: number): Promise<ReadMarked> {
    const answer = await stage.ask(bob, { $case: "place", value: { seq } });
    assert.ok(answer.$case === "place", JSON.stringify(answer));
    return { channelId: talk, ...answer.value };
  }

  async function unread(mark?: ReadMarked): Promise<number> {
    const answer = await stage.ask(bob, { $case: "unread", value: { mark } });
    assert.ok(answer.$case === "unread", JSON.stringify(answer));
    return answer.value.messages;
  }

  const markOf = async () => {
    const answer = await stage.ask(bob, { $case: "marks", value: { channelIds: [talk] } }, bob);
    assert.ok(answer.$case === "marks");
    return answer.value.marks[0];
  };

  it("is counted from the mark, or from the joining, at every owner", async () => {
    const posts: Position[] = [];
    for (let i = 0; i < 5; i++) posts.push(await stage.post(ada, `${i}`));
    await stage.give(ada, { $case: "react", value: { messageId: posts[0]!.id, emoji: "+1" } });
    await stage.post(ada, "reply", posts[0]!.id);
    const check = async () => {
      assert.equal(await unread(), 5);
      assert.equal(await unread(await place(posts[1]!.seq)), 3);
      assert.equal(await unread(await place(posts[4]!.seq + 2)), 0);
    };
    await check();
    stage.takeOver();
    await check();
  });

  it("leaves out what was deleted above the mark, in this term or before it", async () => {
    const posts: Position[] = [];
    for (let i = 0; i < 6; i++) posts.push(await stage.post(ada, `${i}`));
    const reply = await stage.post(ada, "reply", posts[0]!.id);
    const remove = (messageId: number) => stage.give(ada, { $case: "delete", value: { messageId } });
    const mark = await place(posts[2]!.seq);
    await remove(posts[1]!.id);
    await remove(reply.id);
    assert.equal(await unread(mark), 3);
    stage.holdProjections();
    await remove(posts[3]!.id);
    // The next owner has to carry the deletion before it can know of it.
    stage.takeOver();
    await remove(posts[5]!.id);
    assert.equal(await unread(mark), 1);
    await remove(posts[4]!.id);
    assert.equal(await unread(mark), 0);
    assert.equal(await unread(), 2);
  });

  it("knows places that there are", async () => {
    const { seq, id } = await stage.post(ada, "one");
    assert.deepEqual(await place(seq), { channelId: talk, position: { seq, id }, messages: 1 });
    for (const wrong of [0, seq + 1]) {
      const answer = await stage.ask(bob, { $case: "place", value: { seq: wrong } });
      assert.ok(answer.$case === "refusal" && answer.value.code === "invalid_position");
    }
    const stranger = await stage.ask(eve, { $case: "place", value: { seq } });
    assert.ok(stranger.$case === "refusal" && stranger.value.code === "not_in_channel");
  });

  it("is marked on the user's own channel, forward only, by nobody else", async () => {
    const mark = (seq: number) => ({ channelId: talk, position: { seq, id: seq * 10 }, messages: seq });
    const set = (author: string, seq: number) =>
      stage.give(author, { $case: "mark", value: mark(seq) }, { channel: bob });
    assert.equal(await set(ada, 5), "not_in_channel");
    assert.equal(await markOf(), undefined);
    const first = await set(bob, 5);
    assert.deepEqual(first, { seq: 1, id: (first as { id: number }).id });
    assert.deepEqual(await set(bob, 4), first);
    assert.deepEqual(await markOf(), mark(5));
    await set(bob, 9);
    stage.takeOver();
    assert.deepEqual(await markOf(), mark(9));
    const answer = await stage.ask(ada, { $case: "marks", value: { channelIds: [] } }, bob);
    assert.ok(answer.$case === "refusal" && answer.value.code === "not_in_channel");
  });

  it("keeps marks that are older than what an owner keeps in memory", async () => {
    const command = (channelId: string) => ({
      author: bob,
      action: { $case: "mark" as const, value: { channelId, position: { seq: 2, id: 20 }, messages: 1 } },
    });
    const others = Array.from({ length: 1100 }, (_, i) => command(`C${String(i + 2).padStart(12, "0")}`));
    await Promise.all(stage.giveAll([command(talk), ...others], { channel: bob }));
    const { seq } = (await stage.give(bob, command(talk).action, { channel: bob })) as Position;
    assert.equal(seq, 1101);
    await stage.ask(bob, { $case: "projected", value: { seq } }, bob);
    stage.takeOver();
    assert.deepEqual((await markOf())?.position, { seq: 2, id: 20 });
  });

  it("moves the mark of the furthest of several commands of one frame", async () => {
    const action = (seq: number) => ({
      author: bob,
      action: {
        $case: "mark" as const,
        value: { channelId: talk, position: { seq, id: seq * 10 }, messages: seq },
      },
    });
    await Promise.all(stage.giveAll([action(5), action(3), action(7), action(6)], { channel: bob }));
    assert.equal((await markOf())?.position?.seq, 7);
  });
});
