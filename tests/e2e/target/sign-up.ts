import { hashToken, makeToken } from "../../../lib/auth/token.js";
import { makeId, type UserId, type WorkspaceId } from "../../../lib/ids/ids.js";
import type { Store } from "../../../lib/store/store.js";

/** Somebody who may use a mesh. */
export interface TestUser {
  readonly id: UserId;
  readonly token: string;
}

/** Two users of one workspace, and one of another; both workspaces are new. */
export interface TestUsers {
  readonly ada: TestUser;
  readonly bob: TestUser;
  /** Of another workspace. */
  readonly eve: TestUser;
}

/** Makes them. */
export async function signUp(store: Store): Promise<TestUsers> {
  const createWorkspace = async (name: string): Promise<WorkspaceId> => {
    const id = makeId("W", Math.random) as WorkspaceId;
    await store.createWorkspace({ id, name });
    return id;
  };
  const create = async (name: string, workspaceId: WorkspaceId): Promise<TestUser> => {
    const [id, token] = [makeId("U", Math.random) as UserId, makeToken()];
    const row = { id, workspaceId, name, displayName: name, creator: id, bot: false, deactivated: false };
    await store.createUser(row);
    const owner = { userId: id, workspaceId, label: "test", revoked: false };
    await store.createToken({ ...owner, hash: hashToken(token), id: makeId("B", Math.random).slice(1) });
    return { id, token };
  };
  const home = await createWorkspace("test");
  const [ada, bob] = [await create("ada", home), await create("bob", home)];
  return { ada, bob, eve: await create("eve", await createWorkspace("elsewhere")) };
}
