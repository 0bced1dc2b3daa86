import assert from "node:assert/strict";
import type { Page, TokenRow } from "../directory-store.js";
import {
  assertSameSet,
  conversationRow,
  newChannel,
  newName,
  newUser,
  newWorkspace,
  type StoreOf,
  userRow,
} from "./samples.js";

/** Workspaces and tokens. */
export function directoryCases(store: StoreOf): void {
  it("makes a workspace once", async () => {
    const row = { id: newWorkspace(), name: "Acme" };
    assert.equal(await store().createWorkspace(row), true);
    assert.equal(await store().createWorkspace(row), true);
    assert.equal(await store().createWorkspace({ ...row, name: "Other" }), false);
    assert.deepEqual(await store().findWorkspace(row.id), row);
    assert.equal(await store().findWorkspace(newWorkspace()), undefined);
  });

  it("makes a token once, by hash and by id", async () => {
    const owner = { userId: newUser(), workspaceId: newWorkspace() };
    const row: TokenRow = { hash: newName(), id: newName(), ...owner, label: "laptop", revoked: false };
    assert.equal(await store().createToken(row), true);
    assert.equal(await store().createToken(row), true);
    assert.equal(await store().createToken({ ...row, hash: newName() }), false);
    assert.equal(await store().createToken({ ...row, id: newName() }), false);
    assert.deepEqual(await store().findToken(row.hash), row);
    assert.equal(await store().findToken(newName()), undefined);
  });
}

/** Users. */
export function userCases(store: StoreOf): void {
  it("makes a user once, by id and by name in the workspace", async () => {
    const row = userRow(newWorkspace(), "ada", { bot: true, displayName: "Ada ✨" });
    assert.equal(await store().createUser(row), true);
    assert.equal(await store().createUser(row), true);
    assert.equal(await store().createUser({ ...row, id: newUser() }), false);
    assert.equal(await store().createUser({ ...row, name: "eve" }), false);
    assert.deepEqual(await store().findUser(row.id), row);
    assert.deepEqual(await store().findUserByName(row.workspaceId, "ada"), row);
    assert.equal(await store().findUserByName(row.workspaceId, "eve"), undefined);
    assert.equal(await store().findUserByName(newWorkspace(), "ada"), undefined);
  });

  it("makes one of two users that race for a name", async () => {
    const workspace = newWorkspace();
    const rivals = [userRow(workspace, "ada"), userRow(workspace, "ada")];
    const made = await Promise.all(rivals.map((row) => store().createUser(row)));
    assert.equal(made.filter(Boolean).length, 1);
    assert.deepEqual(await store().findUserByName(workspace, "ada"), rivals[made.indexOf(true)]);
    const elsewhere = userRow(newWorkspace(), "ada");
    assert.equal(await store().createUser(elsewhere), true);
  });

  it("lists a workspace's users page by page", async () => {
    const workspace = newWorkspace();
    const rows = ["e", "a", "d", "b", "c"].map((name) => userRow(workspace, name));
    for (const row of [...rows, userRow(newWorkspace(), "f")]) await store().createUser(row);
    const pages = await allPages((after) => store().listUsers(workspace, after, 2));
    assert.deepEqual(
      pages.map((page) => page.length),
      [2, 2, 1],
    );
    assertSameSet(pages.flat(), rows);
    const whole = await store().listUsers(workspace, "", 5);
    assert.equal(whole.rows.length, 5);
    assert.equal(whole.next, "");
  });
}

/** Conversations. */
export function conversationCases(store: StoreOf): void {
  it("makes a conversation once, by id and by name in the workspace", async () => {
    const row = conversationRow(newWorkspace(), "general", { topic: "all of it", archived: true });
    assert.equal(await store().createConversation(row), true);
    assert.equal(await store().createConversation(row), true);
    assert.equal(await store().createConversation({ ...row, id: newChannel() }), false);
    assert.equal(await store().createConversation({ ...row, name: "random" }), false);
    assert.deepEqual(await store().findConversation(row.id), row);
    assert.deepEqual(await store().findConversationByName(row.workspaceId, "general"), row);
    assert.equal(await store().findConversationByName(newWorkspace(), "general"), undefined);
  });

  it("makes one of two conversations that race for a name", async () => {
    const workspace = newWorkspace();
    const rivals = [conversationRow(workspace, "general"), conversationRow(workspace, "general")];
    const made = await Promise.all(rivals.map((row) => store().createConversation(row)));
    assert.equal(made.filter(Boolean).length, 1);
  });

  it("makes any number of conversations without a name, and lists and finds none by it", async () => {
    const workspace = newWorkspace();
    const [one, two] = [conversationRow(workspace, "", { type: "direct" }), conversationRow(workspace, "")];
    assert.equal(await store().createConversation(one), true);
    assert.equal(await store().createConversation(two), true);
    assert.deepEqual(await store().findConversation(two.id), two);
    assert.equal(await store().findConversationByName(workspace, ""), undefined);
    const listed = await store().listConversations(workspace, ["public", "direct"], "", 10);
    assert.deepEqual(listed, { rows: [], next: "" });
  });

  it("lists conversations of the types asked for, by name, page by page", async () => {
    const workspace = newWorkspace();
    const rows = ["d", "a", "c", "b", "e"].map((name) =>
      conversationRow(workspace, name, { type: name < "c" ? "private" : "public" }),
    );
    for (const row of [...rows, conversationRow(newWorkspace(), "f")]) await store().createConversation(row);
    const list = (types: readonly ("public" | "private")[], limit: number) =>
      allPages((after) => store().listConversations(workspace, types, after, limit));
    const names = async (types: readonly ("public" | "private")[], limit: number) =>
      (await list(types, limit)).map((page) => page.map(({ name }) => name).join(""));
    assert.deepEqual(await names(["public", "private"], 2), ["ab", "cd", "e"]);
    assert.deepEqual(await names(["public"], 3), ["cde"]);
    assert.deepEqual(await names(["private"], 1), ["a", "b"]);
    assert.deepEqual(await names([], 1), [""]);
  });
}

async function allPages<Row>(read: (after: string) => Promise<Page<Row>>): Promise<Row[][]> {
  const pages: Row[][] = [];
  let after = "";
  do {
    const page = await read(after);
    pages.push(page.rows);
    after = page.next;
  } while (after !== "");
  return pages;
}
