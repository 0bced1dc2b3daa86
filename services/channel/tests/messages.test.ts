import assert from "node:assert/strict";
import type { Message } from "../../../gen/confab/v1/types.js";
import { type Action, ada, bob, eve, MessageStage, talk } from "./message-stage.js";

const edit = (messageId: number, text: string): Action => ({ $case: "edit", value: { messageId, text } });
const remove = (messageId: number): Action => ({ $case: "delete", value: { messageId } });
const react = (messageId: number, emoji: string): Action => ({ $case: "react", value: { messageId, emoji } });
const unreact = (messageId: number, emoji: string): Action => ({
  $case: "unreact",
  value: { messageId, emoji },
});
const pin = (messageId: number): Action => ({ $case: "pin", value: { messageId } });
const unpin = (messageId: number): Action => ({ $case: "unpin", value: { messageId } });
const again = { firstAttempt: false };

describe("messages at their owner", () => {
  let stage: MessageStage;

  beforeEach(async () => {
    stage = new MessageStage();
    await stage.begin();
    await stage.give(ada, { $case: "join", value: { userIds: [bob] } });
  });

  /** Checks from memory, from the tables, and at the next owner. */
  async function everywhere(check: (message: Message) => void): Promise<void> {
    check((await stage.history())[0]!);
    stage.releaseProjections();
    await stage.projected();
    check((await stage.history())[0]!);
    stage.takeOver();
    check((await stage.history())[0]!);
  }

  it("are edited by their authors only", async () => {
    const { id } = await stage.post(ada, "one");
    assert.equal(await stage.give(bob, edit(id, "two")), "cant_update_message");
    const place = await stage.give(ada, edit(id, "two"));
    assert.deepEqual(await stage.give(ada, edit(id, "two")), place);
    const third = await stage.give(ada, edit(id, "one"));
    assert.notDeepEqual(third, place);
    await everywhere(({ text, editedId }) => {
      assert.deepEqual([text, editedId], ["one", (third as { id: number }).id]);
    });
  });

  it("show what was put on them before and after it is projected, and at the next owner", async () => {
    stage.holdProjections();
    const { id } = await stage.post(ada, "one");
    for (const [author, action] of [
      [ada, react(id, "+1")],
      [bob, react(id, "eyes")],
      [bob, react(id, "+1")],
      [ada, react(id, "heart")],
      [ada, unreact(id, "heart")],
      [bob, pin(id)],
      [ada, edit(id, "two")],
    ] as const) {
      assert.equal(typeof (await stage.give(author, action)), "object");
    }
    const reply = await stage.post(bob, "reply", id);
    await everywhere((message) => {
      assert.deepEqual([message.text, message.pinned, message.deleted], ["two", true, false]);
      assert.deepEqual(message.reactions, [
        { emoji: "+1", userIds: [ada, bob], count: 2 },
        { emoji: "eyes", userIds: [bob], count: 1 },
      ]);
      assert.deepEqual(message.thread, { replyCount: 1, lastReplyId: reply.id, userIds: [bob] });
    });
  });

  it("take each reaction and pin once, and know a command that comes again", async () => {
    const { id } = await stage.post(ada, "one");
    for (const [set, unset, refusedSet, refusedUnset] of [
      [react(id, "+1"), unreact(id, "+1"), "already_reacted", "no_reaction"],
      [pin(id), unpin(id), "already_pinned", "no_pin"],
    ] as const) {
      assert.equal(await stage.give(bob, unset), refusedUnset);
      assert.equal(await stage.give(bob, unset, again), refusedUnset);
      const on = await stage.give(bob, set);
      assert.deepEqual(await stage.give(bob, set, again), on);
      assert.equal(await stage.give(bob, set), refusedSet);
      const off = await stage.give(bob, unset);
      assert.deepEqual(await stage.give(bob, unset, again), off);
      assert.equal(await stage.give(bob, unset), refusedUnset);
      stage.takeOver();
      assert.deepEqual(await stage.give(bob, unset, again), off);
    }
  });

  it("decide commands of one frame one after another", async () => {
    const [one, two] = [await stage.post(ada, "one"), await stage.post(ada, "two")];
    const outcomes = await Promise.all(
      stage.giveAll([
        { author: bob, action: react(one.id, "+1") },
        { author: bob, action: react(one.id, "+1") },
        { author: ada, action: react(one.id, "+1") },
        { author: ada, action: remove(one.id) },
        { author: bob, action: unreact(one.id, "+1") },
        { author: ada, action: edit(two.id, "2") },
        { author: ada, action: edit(two.id, "2") },
        { author: ada, action: { $case: "post", value: { text: "x", ...reply(one.id) } } },
      ]),
    );
    const codes = outcomes.map(({ $case, value }) => ($case === "refusal" ? value.code : value.seq));
    assert.deepEqual(codes, [6, "already_reacted", 7, 8, "message_not_found", 9, 9, "thread_not_found"]);
  });

  it("are found by id in every bucket, and nothing else is", async () => {
    const posts = [await stage.post(ada, "first")];
    for (let bucket = 0; bucket < 3; bucket++) {
      await stage.clock.pass(11 * 24 * 3600 * 1000);
      for (let i = 0; i < 5; i++) {
        await stage.clock.pass(1);
        posts.push(await stage.post(ada, `${bucket} ${i}`));
      }
    }
    assert.equal((await stage.store.readBuckets(talk)).length, 4);
    // So many that the next owner has nothing of the above in memory.
    const post = { author: ada, action: { $case: "post", value: { text: "x", ...reply(0) } } } as const;
    await stage.clock.pass(1);
    await Promise.all(stage.giveAll(Array(600).fill(post)));
    stage.takeOver();
    for (const { id, seq } of posts) {
      const place = await stage.give(bob, react(id, "+1"));
      assert.equal(typeof place, "object", `message ${seq}`);
      for (const wrong of [id - 1, id + 1]) {
        assert.equal(await stage.give(bob, react(wrong, "+1")), "message_not_found");
      }
    }
    const [members] = await stage.events(3, 1);
    assert.equal(await stage.give(bob, react(members!.id, "+1")), "message_not_found");
    assert.equal(await stage.give(bob, react(Number.MAX_SAFE_INTEGER, "+1")), "message_not_found");
    await stage.projected();
    const value = { channelId: "", beforeSeq: posts.at(-1)!.seq + 1, limit: 100 };
    const answer = await stage.ask(ada, { $case: "history", value });
    assert.ok(answer.$case === "history");
    const counts = answer.value.messages.map(({ reactions }) => reactions[0]?.count);
    assert.deepEqual(counts, Array(16).fill(1));
  });

  it("are for members to change", async () => {
    const { id } = await stage.post(ada, "one");
    for (const action of [
      edit(id, "x"),
      remove(id),
      react(id, "+1"),
      unreact(id, "+1"),
      pin(id),
      unpin(id),
    ]) {
      assert.equal(await stage.give(eve, action), "not_in_channel");
    }
  });

  it("take no more different emoji than the limit", async () => {
    const { id } = await stage.post(ada, "one");
    const emoji = Array.from({ length: 50 }, (_, i) => `e${i}`);
    for (const one of emoji) await stage.give(ada, react(id, one));
    assert.equal(await stage.give(ada, react(id, "one-more")), "too_many_reactions");
    assert.equal(typeof (await stage.give(bob, react(id, "e0"))), "object");
  });
});

function reply(parentId: number) {
  return { clientMsgId: "", parentId, broadcast: false };
}
