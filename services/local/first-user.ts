import { userInfo } from "node:os";
import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import type { FirstNames } from "../../lib/auth/first-user.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { RpcClient } from "../../lib/rpc/client.js";

/** How long the first conversation may take to be made. */
const timeoutMs = 20_000;

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

/** What the workspace and the user of a local server are called. */
export function localNames(): FirstNames {
  return { workspace: "local", user: handleOf(userInfo().username) };
}

function handleOf(account: string): string {
  return (
    account
      .toLowerCase()
      .replace(/[^a-z0-9._-]/g, "")
      .slice(0, 80) || "me"
  );
}
