import { makeId, type UserId, type WorkspaceId } from "../ids/ids.js";
import type { DirectoryStore } from "../store/directory-store.js";
import { hashToken } from "./token.js";

/** What the first workspace and its user are called. */
export interface FirstNames {
  readonly workspace: string;
  /** Handle and display name. */
  readonly user: string;
}

/** Makes the workspace and the user that a token stands for, unless they are there; whether it did. */
export async function ensureUser(
  directory: Pick<DirectoryStore, "findToken" | "createWorkspace" | "createUser" | "createToken">,
  token: string,
  { workspace, user: name }: FirstNames,
  random: () => number,
): Promise<boolean> {
  const hash = hashToken(token);
  if (await directory.findToken(hash)) return false;
  const workspaceId = makeId("W", random) as WorkspaceId;
  const userId = makeId("U", random) as UserId;
  await directory.createWorkspace({ id: workspaceId, name: workspace });
  await directory.createUser({
    ...{ id: userId, workspaceId, name, displayName: name },
    ...{ bot: false, deactivated: false, creator: "" },
  });
  const id = makeId("B", random).slice(1);
  await directory.createToken({ hash, id, userId, workspaceId, label: workspace, revoked: false });
  return true;
}
