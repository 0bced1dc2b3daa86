import { randomUUID } from "node:crypto";
import type { DirectoryService } from "../../../gen/confab/v1/directory.js";
import type { Caller } from "../../../lib/auth/caller.js";
import { hashToken, makeToken } from "../../../lib/auth/token.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import type { DirectoryStore, UserRow, WorkspaceRow } from "../../../lib/store/directory-store.js";
import { toUser, toWorkspace } from "../core/answers.js";
import { displayCodePointsMax, pageToken, rowLimit, shortText, userId } from "../core/validate.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "directory">;

/** People and tokens. */
export function directoryHandlers({ directory }: Parts): Handlers<typeof DirectoryService> {
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

/** A token for the caller. Nobody may make one for another user, for it would let them act as that user. */
async function createToken(
  directory: DirectoryStore,
  request: { readonly userId: string; readonly label: string },
  { caller }: CallContext,
) {
  const label = shortText(request.label, displayCodePointsMax, "label");
  if (request.userId !== "" && userId(request.userId, "user_id") !== caller.userId) {
    throw new ConfabError("not_implemented", "user_id", "tokens for other users are not built yet");
  }
  const token = makeToken();
  const { userId: owner, workspaceId } = caller;
  const row = { hash: hashToken(token), id: randomUUID(), userId: owner, workspaceId, label, revoked: false };
  if (!(await directory.createToken(row))) throw new ConfabError("unavailable");
  return { token, tokenId: row.id };
}
