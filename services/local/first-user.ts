import { userInfo } from "node:os";
import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { hashToken } from "../../lib/auth/token.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { makeId, type UserId, type WorkspaceId } from "../../lib/ids/ids.js";
import { RpcClient } from "../../lib/rpc/client.js";
import type { DirectoryStore } from "../../lib/store/directory-store.js";

/** How long the first conversation may take to be made. */
const timeoutMs = 20_000;

/** Makes the workspace and the user that a token stands for, unless they are there. */
export async function ensureUser(
  directory: DirectoryStore,
  token: string,
  random: () => number,
): Promise<void> {
  const hash = hashToken(token);
  if (await directory.findToken(hash)) return;
  const workspaceId = makeId("W", random) as WorkspaceId;
  const userId = makeId("U", random) as UserId;
  const name = handleOf(userInfo().username);
  await directory.createWorkspace({ id: workspaceId, name: "local" });
  await directory.createUser({
    ...{ id: userId, workspaceId, name, displayName: name },
    ...{ bot: false, deactivated: false, creator: "" },
  });
  const tokenId = makeId("B", random).slice(1);
  await directory.createToken({ hash, id: tokenId, userId, workspaceId, label: "local", revoked: false });
}

/** Makes the conversation that everybody begins with, over the public contract like any client. */
export async function ensureGeneral(grpc: string, token: string): Promise<void> {
  const client = new RpcClient({ address: grpc, token, timeoutMs });
  try {
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    await client.service(DirectoryService).createConversation({ name: "general", type, topic: "" });
  } catch (error) {
    if (!(error instanceof ConfabError && error.code === "name_taken")) throw error;
  } finally {
    client.close();
  }
}

function handleOf(account: string): string {
  return (
    account
      .toLowerCase()
      .replace(/[^a-z0-9._-]/g, "")
      .slice(0, 80) || "me"
  );
}
