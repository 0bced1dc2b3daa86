import assert from "node:assert/strict";
import type { ListRepliesResponse } from "../../../gen/confab/v1/messaging.js";
import { ada, bob, eve, MessageStage, talk } from "./message-stage.js";

describe("a thread at its owner", () => {
  let stage: MessageStage;
  let parentId: number;

  beforeEach(async () => {
    stage = new MessageStage();
    await stage.begin();
    await stage.give(ada, { $case: "join", value: { userIds: [bob, eve] } });
    parentId = (await stage.post(ada, "parent")).id;
  });

  async function replies(changes: { afterId?: number; limit?: number } = {}): Promise<ListRepliesResponse> {
    const value = { channelId: "", parentId, afterId: 0, limit: 100, ...changes };
    const answer = await stage.ask(bob, { $case: "thread", value });
    assert.ok(answer.$case === "thread", JSON.stringify(answer));
    return answer.value;
  }

  const remove = (author: string, messageId: number) =>
    stage.give(author, { $case: "delete", value: { messageId } });

  it("hangs on a message that is there and no reply itself", async () => {
    const { id } = await stage.post(bob, "reply", parentId);
    const gone = await stage.post(ada, "gone");
    await remove(ada, gone.id);
    for (const wrong of [id, gone.id, 12345, parentId - 1]) {
      await assert.rejects(stage.post(bob, "reply", wrong), /thread_not_found/, String(wrong));
    }
    const value = { channelId: "", parentId: id, afterId: 0, limit: 9 };
    const answer = await stage.ask(bob, { $case: "thread", value });
    assert.ok(answer.$case === "refusal" && answer.value.code === "thread_not_found");
  });

  it("lists its replies page by page, be they projected or not", async () => {
    for (let i = 0; i < 3; i++) {
      await stage.post(bob, `reply ${i}`, parentId);
      for (let other = 0; other < i * 10; other++) await stage.post(ada, "other");
    }
    await stage.projected();
    stage.holdProjections();
    for (let i = 3; i < 5; i++) await stage.post(eve, `reply ${i}`, parentId);
    const texts: string[] = [];
    for (let afterId = 0, more = true; more; ) {
      const page = await replies({ afterId, limit: 2 });
      texts.push(page.replies.map(({ text }) => text).join());
      afterId = page.replies.at(-1)!.id;
      more = page.hasMore;
    }
    assert.deepEqual(texts, ["reply 0,reply 1", "reply 2,reply 3", "reply 4"]);
    const shown = (await stage.history()).filter(({ text }) => text.startsWith("reply"));
    assert.deepEqual(shown, []);
  });

  it("is summed up by the replies that are left, on every way", async () => {
    stage.holdProjections();
    await stage.post(bob, "one", parentId);
    const two = await stage.post(eve, "two", parentId);
    const three = await stage.post(bob, "three", parentId);
    const summary = async () => (await replies()).parent?.thread;
    assert.deepEqual(await summary(), { replyCount: 3, lastReplyId: three.id, userIds: [bob, eve] });
    stage.takeOver();
    await stage.projected();
    assert.deepEqual(await summary(), { replyCount: 3, lastReplyId: three.id, userIds: [bob, eve] });
    await remove(bob, three.id);
    assert.equal((await summary())?.replyCount, 2);
    await stage.projected();
    assert.deepEqual(await summary(), { replyCount: 2, lastReplyId: two.id, userIds: [eve, bob] });
    // The next owners carry the same events again: none may count twice.
    for (let i = 0; i < 2; i++) {
      stage.takeOver();
      await stage.projected();
      assert.deepEqual(await summary(), { replyCount: 2, lastReplyId: two.id, userIds: [eve, bob] });
    }
    const { parent, replies: left } = await replies();
    assert.deepEqual(
      left.map(({ text, deleted }) => [text, deleted]),
      [
        ["one", false],
        ["two", false],
        ["", true],
      ],
    );
    assert.equal(parent?.text, "parent");
  });

  it("counts no reply twice when it is carried to the tables twice", async () => {
    stage.holdProjections();
    await stage.post(bob, "one", parentId);
    await stage.post(eve, "two", parentId);
    // Only the first of the two is carried before the owner is gone, and no row says so.
    stage.releaseProjections();
    stage.holdProjections();
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    const { channel, bucket } = { channel: talk, bucket: (await stage.store.readBuckets(talk))[0]!.bucket };
    const [cell] = await stage.store.readAnnotations({ channel, bucket, from: 1, to: 9 });
    assert.match(cell!.value, /"replyCount":1/);
    stage.takeOver();
    await stage.projected();
    assert.equal((await replies()).parent?.thread?.replyCount, 2);
  });

  it("stays when its message is deleted", async () => {
    await stage.post(bob, "reply", parentId);
    await remove(ada, parentId);
    const { parent, replies: left } = await replies();
    assert.deepEqual([parent?.deleted, parent?.text, parent?.thread?.replyCount], [true, "", 1]);
    assert.deepEqual(
      left.map(({ text }) => text),
      ["reply"],
    );
  });

  it("shows broadcast replies in the conversation too", async () => {
    await stage.post(bob, "to all", parentId, true);
    const [message] = await stage.history();
    assert.deepEqual([message?.text, message?.parentId], ["to all", parentId]);
  });
});
