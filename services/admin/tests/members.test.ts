import assert from "node:assert/strict";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { ada, bob, createGeneral, elsewhere, eve, TestAdmin } from "./test-admin.js";

describe("membership at the admin service", () => {
  let admin: TestAdmin;

  beforeEach(async () => {
    admin = new TestAdmin();
    await admin.start();
  });
  afterEach(() => admin.stop());

  it("sends what is wished to the owner, and waits until lists show it", async () => {
    const { directory } = await admin.connect(ada);
    await admin.connect(bob);
    const channelId = await createGeneral({ directory });
    for (const [call, action] of [
      [() => directory.joinConversation({ channelId }), { $case: "join", value: { userIds: [ada] } }],
      [() => directory.leaveConversation({ channelId }), { $case: "leave", value: { userIds: [ada] } }],
      [
        () => directory.inviteMembers({ channelId, userIds: [bob, ada, bob] }),
        { $case: "join", value: { userIds: [bob, ada] } },
      ],
      [
        () => directory.removeMember({ channelId, userId: bob }),
        { $case: "leave", value: { userIds: [bob] } },
      ],
    ] as const) {
      admin.owners.asked.length = 0;
      assert.ok((await call()).position);
      assert.deepEqual(admin.owners.seen.at(-1)?.actions, [action]);
      assert.deepEqual(
        admin.owners.asked.map(({ question }) => question.$case),
        ["projected"],
      );
    }
  });

  it("does not fail for lists that are late", async () => {
    const { directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    admin.owners.answers.delete("projected");
    assert.ok((await directory.joinConversation({ channelId })).position);
  });

  it("keeps workspaces apart", async () => {
    const { directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const other = await admin.connect(eve, elsewhere);
    const missing = { code: "channel_not_found", field: "channel_id" };
    admin.owners.seen.length = 0;
    for (const call of [
      () => other.directory.joinConversation({ channelId }),
      () => other.directory.leaveConversation({ channelId }),
      () => other.directory.inviteMembers({ channelId, userIds: [eve] }),
      () => other.directory.removeMember({ channelId, userId: ada }),
      () => other.directory.listMembers({ channelId, pageToken: "", limit: 0 }),
      () => other.messaging.listMessages({ channelId, beforeSeq: 0, limit: 0 }),
      () => other.messaging.listReplies({ channelId, parentId: 1, afterId: 0, limit: 0 }),
      () => other.messaging.getMessage({ channelId, messageId: 1 }),
    ]) {
      await assert.rejects(call(), missing);
    }
    const stranger = directory.inviteMembers({ channelId, userIds: [ada, eve] });
    await assert.rejects(stranger, { code: "user_not_found", field: "user_ids[1]" });
    assert.deepEqual(admin.owners.seen, []);
  });

  it("shows nothing of a private conversation to who may not join it", async () => {
    const one = await admin.connect(ada);
    const channelId = await createGeneral(one, ConversationType.CONVERSATION_TYPE_PRIVATE);
    const other = await admin.connect(bob);
    admin.owners.failures.push(new ConfabError("not_in_channel", "channel_id"));
    await assert.rejects(other.directory.joinConversation({ channelId }), { code: "channel_not_found" });
  });

  it("says what is wrong with the users named", async () => {
    const { directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const invite = (userIds: string[]) => directory.inviteMembers({ channelId, userIds });
    await assert.rejects(invite([]), { code: "missing_argument", field: "user_ids" });
    await assert.rejects(invite([ada, "x"]), { code: "invalid_id", field: "user_ids[1]" });
    await assert.rejects(invite(Array(1001).fill(ada)), { code: "invalid_argument", field: "user_ids" });
    const remove = directory.removeMember({ channelId, userId: "" });
    await assert.rejects(remove, { code: "missing_argument", field: "user_id" });
  });

  it("lists members as the owner knows them", async () => {
    const { directory } = await admin.connect(ada);
    const channelId = await createGeneral({ directory });
    const members = { userIds: [ada], nextPageToken: "" };
    admin.owners.answers.set("members", members);
    assert.deepEqual(await directory.listMembers({ channelId, pageToken: "U", limit: 0 }), members);
    const { question } = admin.owners.asked.at(-1)!;
    assert.deepEqual(question.value, { channelId, pageToken: "U", limit: 100 });
  });
});
