import assert from "node:assert/strict";
import type { ConversationId } from "../../../lib/ids/ids.js";
import { ada, createGeneral, TestAdmin } from "./test-admin.js";

describe("changes of messages at the admin service", () => {
  let admin: TestAdmin;

  beforeEach(async () => {
    admin = new TestAdmin();
    await admin.start();
  });
  afterEach(() => admin.stop());

  it("go to the owner as new commands", async () => {
    const { messaging, directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const name = { channelId, messageId: 7 };
    const value = { messageId: 7 };
    for (const [call, action] of [
      [
        () => messaging.editMessage({ ...name, text: "x" }),
        { $case: "edit", value: { ...value, text: "x" } },
      ],
      [() => messaging.deleteMessage(name), { $case: "delete", value }],
      [
        () => messaging.addReaction({ ...name, emoji: "+1" }),
        { $case: "react", value: { ...value, emoji: "+1" } },
      ],
      [
        () => messaging.removeReaction({ ...name, emoji: "🎉" }),
        { $case: "unreact", value: { ...value, emoji: "🎉" } },
      ],
      [() => messaging.pinMessage(name), { $case: "pin", value }],
      [() => messaging.unpinMessage(name), { $case: "unpin", value }],
    ] as const) {
      assert.ok((await call()).position);
      const { actions, author, options } = admin.owners.seen.at(-1)!;
      assert.deepEqual([actions, author, options.firstAttempt], [[action], ada, true]);
    }
  });

  it("are refused when they cannot be, and reach no owner", async () => {
    const { messaging } = await admin.connect(ada);
    const name = { channelId: "C000000000009", messageId: 7 };
    for (const [call, code, field] of [
      [() => messaging.editMessage({ ...name, text: "" }), "no_text", "text"],
      [() => messaging.editMessage({ ...name, text: "x".repeat(40_001) }), "msg_too_long", "text"],
      [() => messaging.editMessage({ ...name, messageId: 0, text: "x" }), "missing_argument", "message_id"],
      [() => messaging.deleteMessage({ ...name, channelId: "U000000000009" }), "invalid_id", "channel_id"],
      [() => messaging.addReaction({ ...name, emoji: "" }), "missing_argument", "emoji"],
      [() => messaging.addReaction({ ...name, emoji: ":+1:" }), "invalid_argument", "emoji"],
      [() => messaging.addReaction({ ...name, emoji: "a b" }), "invalid_argument", "emoji"],
      [() => messaging.addReaction({ ...name, emoji: "x".repeat(65) }), "invalid_argument", "emoji"],
      [() => messaging.pinMessage({ ...name, messageId: 0 }), "missing_argument", "message_id"],
      [() => messaging.getMessage({ ...name, messageId: 0 }), "missing_argument", "message_id"],
      [() => messaging.markRead({ channelId: name.channelId, seq: 0 }), "missing_argument", "seq"],
      [() => messaging.listUnread({ channelIds: ["x"] }), "invalid_id", "channel_ids[0]"],
      [
        () => messaging.listUnread({ channelIds: Array(1001).fill(name.channelId) }),
        "invalid_argument",
        "channel_ids",
      ],
    ] as const) {
      await assert.rejects(call(), { name: "ConfabError", code, field });
    }
    assert.deepEqual([admin.owners.seen, admin.owners.asked], [[], []]);
  });

  it("of a read mark go to the user's own channel, and not when it is further already", async () => {
    const { messaging } = await admin.connect(ada);
    const channelId = "C000000000009";
    const place = { position: { seq: 5, id: 50 }, messages: 3 };
    admin.owners.answers.set("place", place);
    const further = { channelId, position: { seq: 6, id: 60 }, messages: 4 };
    admin.owners.answers.set("marks", { marks: [further] });
    assert.deepEqual((await messaging.markRead({ channelId, seq: 5 })).position, further.position);
    assert.deepEqual(admin.owners.seen, []);
    admin.owners.answers.set("marks", { marks: [] });
    await assert.rejects(messaging.markRead({ channelId, seq: 5 }), { code: "channel_not_found" });
    const { channel, actions } = admin.owners.seen.at(-1)!;
    assert.deepEqual([channel, actions], [ada, [{ $case: "mark", value: { channelId, ...place } }]]);
  });

  it("leave out of what is unread what was left just now, unless it is named", async () => {
    const { messaging } = await admin.connect(ada);
    const channel = "C000000000009" as ConversationId;
    await admin.store.projectMembers([{ channel, user: ada, seq: 2, id: 2, member: true }]);
    admin.owners.answers.set("marks", { marks: [] });
    assert.deepEqual(await messaging.listUnread({ channelIds: [] }), { unread: [] });
    await assert.rejects(messaging.listUnread({ channelIds: [channel] }), { code: "not_in_channel" });
    const unread = { channelId: channel, messages: 3, mark: { seq: 2, id: 2 }, newest: { seq: 5, id: 5 } };
    admin.owners.answers.set("unread", unread);
    assert.deepEqual(await messaging.listUnread({ channelIds: [] }), { unread: [unread] });
    assert.deepEqual(await messaging.listUnread({ channelIds: [channel, channel] }), { unread: [unread] });
  });
});
