import assert from "node:assert/strict";
import { ConversationType, type Message } from "../../gen/confab/v1/types.js";
import { useMesh } from "./target/use-mesh.js";
import { makeUser, type UserApi } from "./test-mesh.js";

describe("people who talk", function () {
  this.timeout(60_000);
  const mesh = useMesh();
  let ada: UserApi;
  let bob: UserApi;
  let adaId: string;
  let bobId: string;
  let bobToken: string;
  let names = 0;

  before(async () => {
    ada = mesh.user();
    adaId = (await ada.whoAmI({})).user!.id;
    ({ id: bobId, token: bobToken } = await makeUser(ada, "bert"));
    bob = mesh.user(bobToken);
  });

  async function conversation(type = ConversationType.CONVERSATION_TYPE_PUBLIC): Promise<string> {
    const name = `c-${++names}`;
    return (await ada.createConversation({ name, type, topic: "" })).conversation!.id;
  }

  async function post(user: UserApi, channelId: string, text: string, parentId = 0) {
    const message = { text, clientMsgId: "", parentId, broadcast: false };
    return (await user.postMessage({ channelId, message, firstAttempt: true })).position!;
  }

  async function history(user: UserApi, channelId: string): Promise<Message[]> {
    return (await user.listMessages({ channelId, beforeSeq: 0, limit: 0 })).messages;
  }

  const textsOf = (messages: readonly Message[]) => messages.map(({ text }) => text);

  it("lets a second user sign in, join, read, post and leave", async () => {
    const channelId = await conversation();
    await post(ada, channelId, "hello");
    const refused = post(bob, channelId, "hi");
    await assert.rejects(refused, { code: "not_in_channel" });
    assert.deepEqual(textsOf(await history(bob, channelId)), ["hello"]);
    const joined = await bob.joinConversation({ channelId });
    assert.deepEqual(await bob.joinConversation({ channelId }), joined);
    await post(bob, channelId, "hi");
    const mine = await bob.listConversations({ mine: true, pageToken: "", limit: 0 });
    assert.deepEqual(
      mine.conversations.map(({ id }) => id),
      [channelId],
    );
    const members = await ada.listMembers({ channelId, pageToken: "", limit: 0 });
    assert.deepEqual(members.userIds, [adaId, bobId].sort());
    const left = await bob.leaveConversation({ channelId });
    assert.deepEqual(await bob.leaveConversation({ channelId }), left);
    await assert.rejects(post(bob, channelId, "still here?"), { code: "not_in_channel" });
    const after = await bob.listConversations({ mine: true, pageToken: "", limit: 0 });
    assert.deepEqual(after.conversations, []);
  });

  it("keeps a private conversation from everybody but its members, former ones too", async () => {
    const channelId = await conversation(ConversationType.CONVERSATION_TYPE_PRIVATE);
    await post(ada, channelId, "secret");
    await assert.rejects(bob.joinConversation({ channelId }), { code: "channel_not_found" });
    await assert.rejects(history(bob, channelId), { code: "not_in_channel" });
    await ada.inviteMembers({ channelId, userIds: [bobId] });
    assert.deepEqual(textsOf(await history(bob, channelId)), ["secret"]);
    await assert.rejects(bob.removeMember({ channelId, userId: adaId }), { code: "restricted_action" });
    await ada.removeMember({ channelId, userId: bobId });
    await assert.rejects(history(bob, channelId), { code: "not_in_channel" });
    await assert.rejects(bob.listEvents({ channelId, afterSeq: 0, limit: 0 }), { code: "not_in_channel" });
    await assert.rejects(bob.getMessage({ channelId, messageId: 1 }), { code: "not_in_channel" });
    await assert.rejects(bob.listMembers({ channelId, pageToken: "", limit: 0 }), { code: "not_in_channel" });
  });

  it("shows edits, reactions, pins and threads, and keeps them over a crash", async () => {
    const channelId = await conversation();
    await bob.joinConversation({ channelId });
    const { id: messageId, seq } = await post(ada, channelId, "frist");
    await assert.rejects(bob.editMessage({ channelId, messageId, text: "no" }), {
      code: "cant_update_message",
    });
    const { position: edit } = await ada.editMessage({ channelId, messageId, text: "first" });
    assert.deepEqual(await ada.editMessage({ channelId, messageId, text: "first" }), { position: edit });
    await ada.addReaction({ channelId, messageId, emoji: "+1" });
    await bob.addReaction({ channelId, messageId, emoji: "+1" });
    await bob.addReaction({ channelId, messageId, emoji: "eyes" });
    await assert.rejects(bob.addReaction({ channelId, messageId, emoji: "eyes" }), {
      code: "already_reacted",
    });
    await bob.removeReaction({ channelId, messageId, emoji: "eyes" });
    await assert.rejects(bob.removeReaction({ channelId, messageId, emoji: "eyes" }), {
      code: "no_reaction",
    });
    await bob.pinMessage({ channelId, messageId });
    const reply = await post(bob, channelId, "second", messageId);
    await assert.rejects(post(bob, channelId, "deep", reply.id), { code: "thread_not_found" });
    const check = async (user: UserApi) => {
      const [message, ...rest] = await history(user, channelId);
      assert.deepEqual(rest, []);
      assert.deepEqual(message, {
        ...{
          id: messageId,
          seq,
          author: adaId,
          text: "first",
          clientMsgId: message?.clientMsgId,
          parentId: 0,
        },
        ...{ editedId: edit!.id, deleted: false, pinned: true },
        reactions: [{ emoji: "+1", userIds: [adaId, bobId], count: 2 }],
        thread: { replyCount: 1, lastReplyId: reply.id, userIds: [bobId] },
      });
      const thread = await user.listReplies({ channelId, parentId: messageId, afterId: 0, limit: 0 });
      assert.deepEqual(thread.parent, message);
      assert.deepEqual([textsOf(thread.replies), thread.hasMore], [["second"], false]);
      assert.deepEqual((await user.getMessage({ channelId, messageId })).message, message);
    };
    await check(ada);
    await mesh.killAndRestart();
    ada = mesh.user();
    bob = mesh.user(bobToken);
    await check(bob);
  });

  it("erases a deleted message from every read, over a crash too", async () => {
    const channelId = await conversation();
    await bob.joinConversation({ channelId });
    const { id: messageId } = await post(ada, channelId, "a secret");
    await ada.editMessage({ channelId, messageId, text: "another secret" });
    await assert.rejects(bob.deleteMessage({ channelId, messageId }), { code: "cant_delete_message" });
    await ada.deleteMessage({ channelId, messageId });
    for (const call of [
      () => ada.deleteMessage({ channelId, messageId }),
      () => ada.editMessage({ channelId, messageId, text: "back" }),
      () => ada.addReaction({ channelId, messageId, emoji: "+1" }),
      () => ada.getMessage({ channelId, messageId }),
      () => ada.pinMessage({ channelId, messageId: messageId - 1 }),
    ]) {
      await assert.rejects(call(), { code: "message_not_found" });
    }
    const check = async (user: UserApi) => {
      const [message] = await history(user, channelId);
      assert.deepEqual([message?.deleted, message?.text], [true, ""]);
      const { events } = await user.listEvents({ channelId, afterSeq: 0, limit: 0 });
      assert.ok(!JSON.stringify(events).includes("secret"), JSON.stringify(events));
    };
    await check(bob);
    await mesh.killAndRestart();
    ada = mesh.user();
    bob = mesh.user(bobToken);
    await check(ada);
  });

  it("counts what is unread", async () => {
    const channelId = await conversation();
    await bob.joinConversation({ channelId });
    const unread = async () => (await bob.listUnread({ channelIds: [channelId] })).unread[0]!;
    assert.equal((await unread()).messages, 0);
    const posts = [];
    for (const text of ["1", "2", "3", "4"]) posts.push(await post(ada, channelId, text));
    assert.equal((await unread()).messages, 4);
    assert.deepEqual((await bob.markRead({ channelId, seq: posts[1]!.seq })).position, posts[1]);
    assert.equal((await unread()).messages, 2);
    assert.deepEqual((await bob.markRead({ channelId, seq: posts[0]!.seq })).position, posts[1]);
    await ada.deleteMessage({ channelId, messageId: posts[2]!.id });
    const { messages, mark, newest } = await unread();
    assert.deepEqual([messages, mark, newest?.seq], [1, posts[1], posts[3]!.seq + 1]);
    const all = await bob.listUnread({ channelIds: [] });
    assert.deepEqual(
      all.unread.find((one) => one.channelId === channelId),
      await unread(),
    );
    const beyond = bob.markRead({ channelId, seq: 100 });
    await assert.rejects(beyond, { code: "invalid_position", field: "seq" });
  });
});
