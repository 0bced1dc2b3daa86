import type { DirectoryService, GetConversationRequest } from "../../../gen/confab/v1/directory.js";
import type { Caller } from "../../../lib/auth/caller.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import type { ConversationRow } from "../../../lib/store/directory-store.js";
import { parseType, toConversation } from "../core/answers.js";
import {
  conversationId,
  conversationName,
  pageToken,
  rowLimit,
  shortText,
  topicCodePointsMax,
} from "../core/validate.js";
import { type CreationParts, createConversation } from "../create-conversation.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "directory" | "owners">;

/** Conversations, as the directory keeps them. */
export function conversationHandlers(
  parts: Parts,
  creation: CreationParts,
): Handlers<typeof DirectoryService> {
  const { directory } = parts;
  return {
    async createConversation(request, { caller, deadlineMs }) {
      const wish = {
        name: conversationName(request.name, "name"),
        type: parseType(request.type, "type"),
        topic: shortText(request.topic, topicCodePointsMax, "topic"),
      };
      return { conversation: toConversation(await createConversation(creation, caller, wish, deadlineMs)) };
    },

    async getConversation(request, call) {
      const row = await find(parts, request, call.caller);
      if (!row || !(await maySee(parts, row, call))) {
        throw new ConfabError("channel_not_found", request.channelId ? "channel_id" : "name");
      }
      return { conversation: toConversation(row) };
    },

    async listConversations(request, { caller }) {
      if (request.mine) {
        const wording = "listing one's own conversations is not built yet";
        throw new ConfabError("not_implemented", "mine", wording);
      }
      const after = pageToken(request.pageToken, "page_token");
      const limit = rowLimit(request.limit, "limit");
      const page = await directory.listConversations(caller.workspaceId, ["public"], after, limit);
      return { conversations: page.rows.map(toConversation), nextPageToken: page.next };
    },
  };
}

function find({ directory }: Parts, { channelId, name }: GetConversationRequest, { workspaceId }: Caller) {
  if (channelId === "" && name !== "") {
    return directory.findConversationByName(workspaceId, conversationName(name, "name"));
  }
  return directory.findConversation(conversationId(channelId, "channel_id"));
}

/** What is not public is seen by its members only, and its owner knows them. */
async function maySee({ owners }: Parts, row: ConversationRow, { caller, deadlineMs }: CallContext) {
  if (row.workspaceId !== caller.workspaceId) return false;
  if (row.type === "public") return true;
  const range = { fromSeq: 0, limit: 1, downward: true, minSeq: 0 };
  return owners.readEvents(row.id, caller.userId, range, deadlineMs).then(
    () => true,
    (error) => {
      const refused = ["not_in_channel", "channel_not_found"];
      if (error instanceof ConfabError && refused.includes(error.code)) return false;
      throw error;
    },
  );
}
