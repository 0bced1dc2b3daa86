import assert from "node:assert/strict";
import { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { hashToken } from "../../../lib/auth/token.js";
import type { ConversationId } from "../../../lib/ids/ids.js";
import { RpcClient } from "../../../lib/rpc/client.js";
import { ada, bob, createGeneral, elsewhere, eve, TestAdmin } from "./test-admin.js";

describe("the directory of the admin service", () => {
  let admin: TestAdmin;

  beforeEach(async () => {
    admin = new TestAdmin();
    await admin.start();
  });
  afterEach(() => admin.stop());

  it("keeps workspaces apart", async () => {
    const one = await admin.connect(ada);
    const channelId = await createGeneral(one);
    const stranger = await admin.connect(eve, elsewhere);
    const missing = { code: "channel_not_found", field: "channel_id" };
    for (const call of [
      () => stranger.directory.getConversation({ channelId, name: "" }),
      () => stranger.messaging.listEvents({ channelId, afterSeq: 0, limit: 0 }),
      () => stranger.messaging.listMessages({ channelId, beforeSeq: 0, limit: 0 }),
      () => one.messaging.listEvents({ channelId: eve, afterSeq: 0, limit: 0 }),
    ]) {
      await assert.rejects(call(), missing);
    }
    await assert.rejects(stranger.directory.getUser({ userId: ada }), { code: "user_not_found" });
    assert.deepEqual((await stranger.directory.listUsers({ pageToken: "", limit: 0 })).users.length, 1);
    const { conversations } = await stranger.directory.listConversations({
      pageToken: "",
      limit: 0,
      mine: false,
    });
    assert.deepEqual(conversations, []);
    await createGeneral(stranger);
  });

  it("tells the caller who they are and who else is there", async () => {
    const { directory } = await admin.connect(ada);
    await admin.connect(bob);
    const { user, workspace } = await directory.whoAmI({});
    assert.deepEqual([user?.id, workspace?.name], [ada, "Home"]);
    assert.deepEqual((await directory.getWorkspace({})).workspace, workspace);
    assert.equal((await directory.getUser({ userId: bob })).user?.name, String(bob).toLowerCase());
    await assert.rejects(directory.getUser({ userId: eve }), { code: "user_not_found", field: "user_id" });
    await assert.rejects(directory.getUser({ userId: "eve" }), { code: "invalid_id", field: "user_id" });
    const first = await directory.listUsers({ pageToken: "", limit: 1 });
    const second = await directory.listUsers({ pageToken: first.nextPageToken, limit: 1 });
    assert.deepEqual([first.users[0]?.id, second.users[0]?.id, second.nextPageToken], [ada, bob, ""]);
  });

  it("creates conversations, and shows private ones to members only", async () => {
    const one = await admin.connect(ada);
    const other = await admin.connect(bob);
    const channelId = await createGeneral(one, ConversationType.CONVERSATION_TYPE_PRIVATE);
    const { conversation } = await one.directory.getConversation({ channelId: "", name: "general" });
    assert.deepEqual([conversation?.id, conversation?.creator, conversation?.topic], [channelId, ada, "all"]);
    const missing = { code: "channel_not_found" };
    await assert.rejects(other.directory.getConversation({ channelId, name: "" }), missing);
    await assert.rejects(other.directory.getConversation({ channelId: "", name: "general" }), missing);
    const taken = { code: "name_taken", field: "name" };
    await assert.rejects(createGeneral(other), taken);
    await assert.rejects(createGeneral(one, ConversationType.CONVERSATION_TYPE_PRIVATE), taken);
    const listed = await one.directory.listConversations({ pageToken: "", limit: 0, mine: false });
    assert.deepEqual(listed.conversations, []);
    const settled = admin.owners.asked.find(({ question }) => question.$case === "projected");
    assert.deepEqual([settled?.channel, settled?.question.value], [channelId, { seq: 2 }]);
  });

  it("lists one's own conversations page by page, as they are projected", async () => {
    const { directory } = await admin.connect(ada);
    const ids: ConversationId[] = [];
    for (const name of ["one", "two", "three", "left"]) {
      const { conversation } = await directory.createConversation({ name, type: 0, topic: "" });
      ids.push(conversation!.id as ConversationId);
    }
    const [left] = ids.splice(3);
    const row = (channel: ConversationId, member: boolean) => ({ channel, user: ada, seq: 2, id: 2, member });
    await admin.store.projectMembers([...ids.map((id) => row(id, true)), row(left!, false)]);
    const page = async (pageToken: string) => {
      const request = { pageToken, limit: 2, mine: true };
      const { conversations, nextPageToken } = await directory.listConversations(request);
      return { ids: conversations.map(({ id }) => id), nextPageToken };
    };
    ids.sort();
    assert.deepEqual(await page(""), { ids: ids.slice(0, 2), nextPageToken: ids[1] });
    assert.deepEqual(await page(ids[1]!), { ids: ids.slice(2), nextPageToken: "" });
  });

  it("says what is wrong with a new conversation", async () => {
    const { directory } = await admin.connect(ada);
    const create = (name: string, type: number, topic: string) =>
      directory.createConversation({ name, type, topic });
    await assert.rejects(create("", 0, ""), { code: "missing_argument", field: "name" });
    await assert.rejects(create("General", 0, ""), { code: "invalid_name", field: "name" });
    await assert.rejects(create("general", 3, ""), { code: "invalid_argument", field: "type" });
    await assert.rejects(create("general", 9, ""), { code: "invalid_argument", field: "type" });
    await assert.rejects(create("general", 0, "x".repeat(251)), { code: "invalid_argument", field: "topic" });
    assert.deepEqual(admin.owners.seen, []);
    const nothing = directory.getConversation({ channelId: "", name: "" });
    await assert.rejects(nothing, { code: "missing_argument", field: "channel_id" });
  });

  it("makes users, and tokens for them by who made them", async () => {
    const { directory } = await admin.connect(ada);
    const { user } = await directory.createUser({ name: "carl.f", displayName: "Carl", bot: false });
    assert.match(user!.id, /^U/);
    const { user: bot } = await directory.createUser({ name: "robot", displayName: "", bot: true });
    assert.match(bot!.id, /^B/);
    for (const { id } of [user!, bot!]) {
      const { token } = await directory.createToken({ userId: id, label: "" });
      const client = admin.use(new RpcClient({ address: admin.address, token }));
      assert.equal((await client.service(DirectoryService).whoAmI({})).user?.id, id);
    }
    const other = await admin.connect(bob);
    const stolen = other.directory.createToken({ userId: user!.id, label: "" });
    await assert.rejects(stolen, { code: "restricted_action", field: "user_id" });
    const create = (name: string, displayName = "") =>
      directory.createUser({ name, displayName, bot: false });
    await assert.rejects(create("carl.f"), { code: "name_taken", field: "name" });
    await assert.rejects(create(""), { code: "missing_argument", field: "name" });
    await assert.rejects(create("Carl"), { code: "invalid_name", field: "name" });
    await assert.rejects(create("x", "y".repeat(81)), { code: "invalid_argument", field: "display_name" });
  });

  it("makes tokens for the caller", async () => {
    const { directory } = await admin.connect(ada);
    const { token, tokenId } = await directory.createToken({ userId: "", label: "laptop" });
    const client = admin.use(new RpcClient({ address: admin.address, token }));
    assert.equal((await client.service(DirectoryService).whoAmI({})).user?.id, ada);
    const row = await admin.store.findToken(hashToken(token));
    assert.deepEqual([row?.id, row?.label, row?.userId], [tokenId, "laptop", ada]);
    await directory.createToken({ userId: ada, label: "" });
    await admin.connect(bob);
    await assert.rejects(directory.createToken({ userId: bob, label: "" }), { code: "restricted_action" });
    const stranger = directory.createToken({ userId: eve, label: "" });
    await assert.rejects(stranger, { code: "user_not_found", field: "user_id" });
    await assert.rejects(directory.createToken({ userId: "bob", label: "" }), { code: "invalid_id" });
    const long = directory.createToken({ userId: "", label: "x".repeat(81) });
    await assert.rejects(long, { code: "invalid_argument", field: "label" });
  });
});
