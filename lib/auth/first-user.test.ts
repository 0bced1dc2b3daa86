import assert from "node:assert/strict";
import { MemoryStore } from "../store/memory/memory-store.js";
import { ensureUser } from "./first-user.js";
import { hashToken, makeToken } from "./token.js";

describe("the first user", () => {
  it("is made with a workspace for a token, once", async () => {
    const store = new MemoryStore();
    const token = makeToken();
    const names = { workspace: "main", user: "owner" };
    assert.equal(await ensureUser(store, token, names, Math.random), true);
    const row = await store.findToken(hashToken(token));
    const user = await store.findUser(row!.userId);
    assert.deepEqual([user?.name, user?.workspaceId], ["owner", row!.workspaceId]);
    assert.equal((await store.findWorkspace(row!.workspaceId))?.name, "main");
    assert.equal(await ensureUser(store, token, names, Math.random), false);
    assert.deepEqual(await store.findToken(hashToken(token)), row);
  });
});
