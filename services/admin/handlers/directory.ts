import { randomUUID } from "node:crypto";
import type { CreateUserRequest, DirectoryService } from "../../../gen/confab/v1/directory.js";
import type { Caller } from "../../../lib/auth/caller.js";
import { hashToken, makeToken } from "../../../lib/auth/token.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { makeId, type UserId } from "../../../lib/ids/ids.js";
import {
  displayCodePointsMax,
  pageToken,
  rowLimit,
  shortText,
  userId,
  userName,
} from "../../../lib/requests/validate.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import type { DirectoryStore, UserRow, WorkspaceRow } from "../../../lib/store/directory-store.js";
import { toUser, toWorkspace } from "../core/answers.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "directory" | "random">;

/** People and tokens. */
export function directoryHandlers({ directory, random }: Parts): Handlers<typeof DirectoryService> {
  return {
    async whoAmI(_request, { caller }) {
      const [user, workspace] = await Promise.all([
        findUser(directory, caller.userId, caller),
        findWorkspace(directory, caller),
      ]);
      return { user: toUser(user), workspace: toWorkspace(workspace) };
    },

    async getWorkspace(_request, { caller }) {
      return { workspace: toWorkspace(await findWorkspace(directory, caller)) };
    },

    async getUser(request, { caller }) {
      return { user: toUser(await findUser(directory, request.userId, caller)) };
    },

    async listUsers(request, { caller }) {
      const after = pageToken(request.pageToken, "page_token");
      const limit = rowLimit(request.limit, "limit");
      const { rows, next } = await directory.listUsers(caller.workspaceId, after, limit);
      return { users: rows.map(toUser), nextPageToken: next };
    },

    createUser: (request, { caller }) => createUser(directory, request, caller, random),

    createToken: (request, call) => createToken(directory, request, call),
  };
}

async function findWorkspace(directory: DirectoryStore, { workspaceId }: Caller): Promise<WorkspaceRow> {
  const row = await directory.findWorkspace(workspaceId);
  if (!row) throw new Error(`the workspace ${workspaceId} of a token is gone`);
  return row;
}

async function findUser(directory: DirectoryStore, id: string, { workspaceId }: Caller): Promise<UserRow> {
  const row = await directory.findUser(userId(id, "user_id"));
  if (row?.workspaceId !== workspaceId) throw new ConfabError("user_not_found", "user_id");
  return row;
}

async function createUser(
  directory: DirectoryStore,
  request: CreateUserRequest,
  { userId: creator, workspaceId }: Caller,
  random: () => number,
) {
  const row: UserRow = {
    id: makeId(request.bot ? "B" : "U", random) as UserId,
    workspaceId,
    name: userName(request.name, "name"),
    displayName: shortText(request.displayName, displayCodePointsMax, "display_name"),
    bot: request.bot,
    deactivated: false,
    creator,
  };
  if (!(await directory.createUser(row))) throw new ConfabError("name_taken", "name");
  return { user: toUser(row) };
}

/**
 * A token for the caller or for a user that the caller created: whoever brings users along signs them in.
 * Nobody else may make one, for it lets its holder act as that user.
 */
async function createToken(
  directory: DirectoryStore,
  request: { readonly userId: string; readonly label: string },
  { caller }: CallContext,
) {
  const label = shortText(request.label, displayCodePointsMax, "label");
  const user = await findUser(directory, request.userId || caller.userId, caller);
  if (user.id !== caller.userId && user.creator !== caller.userId) {
    const wording = "tokens are made by the user or by who created the user";
    throw new ConfabError("restricted_action", "user_id", wording);
  }
  if (user.deactivated) throw new ConfabError("user_not_found", "user_id");
  const token = makeToken();
  const { id: owner, workspaceId } = user;
  const row = { hash: hashToken(token), id: randomUUID(), userId: owner, workspaceId, label, revoked: false };
  if (!(await directory.createToken(row))) throw new ConfabError("unavailable");
  return { token, tokenId: row.id };
}
