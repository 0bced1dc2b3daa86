import type { Caller } from "../../lib/auth/caller.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { ConversationId } from "../../lib/ids/ids.js";
import type { ConversationRow, DirectoryStore } from "../../lib/store/directory-store.js";

/**
 * A conversation of the caller's workspace: owners know who may read and join, but not of which workspace
 * anybody is.
 *
 * @throws ConfabError `channel_not_found`
 */
export async function findConversation(
  directory: Pick<DirectoryStore, "findConversation">,
  id: ConversationId,
  caller: Caller,
  field = "channel_id",
): Promise<ConversationRow> {
  const row = await directory.findConversation(id);
  if (row?.workspaceId !== caller.workspaceId) throw new ConfabError("channel_not_found", field);
  return row;
}
