import type { DirectoryService, GetConversationRequest } from "../../../gen/confab/v1/directory.js";
import type { Caller } from "../../../lib/auth/caller.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { parseConversationId } from "../../../lib/ids/ids.js";
import { settled } from "../../../lib/owners/commands.js";
import {
  conversationId,
  conversationName,
  pageToken,
  rowLimit,
  shortText,
  topicCodePointsMax,
} from "../../../lib/requests/validate.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import type { ConversationRow } from "../../../lib/store/directory-store.js";
import { makePage } from "../../../lib/store/page.js";
import { parseType, toConversation } from "../core/answers.js";
import { type CreationParts, createConversation } from "../create-conversation.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "directory" | "owners" | "memberships" | "clock">;

/** A log begins with the conversation's creation and its creator's joining. */
const creatorJoined = { seq: 2, id: 0 };

/** Conversations, as the directory keeps them. */
export function conversationHandlers(
  parts: Parts,
  creation: CreationParts,
): Handlers<typeof DirectoryService> {
  const { directory } = parts;
  return {
    async createConversation(request, call) {
      const { caller, deadlineMs, trace } = call;
      const wish = {
        name: conversationName(request.name, "name"),
        type: parseType(request.type, "type"),
        topic: shortText(request.topic, topicCodePointsMax, "topic"),
      };
      const row = await createConversation(creation, caller, wish, deadlineMs, trace);
      await settled(parts.owners, row.id, creatorJoined, call, parts.clock.now());
      return { conversation: toConversation(row) };
    },

    async getConversation(request, call) {
      const row = await find(parts, request, call.caller);
      if (!row || !(await maySee(parts, row, call))) {
        throw new ConfabError("channel_not_found", request.channelId ? "channel_id" : "name");
      }
      return { conversation: toConversation(row) };
    },

    async listConversations(request, { caller }) {
      const after = pageToken(request.pageToken, "page_token");
      const limit = rowLimit(request.limit, "limit");
      if (request.mine) return listMine(parts, caller, after, limit);
      const page = await directory.listConversations(caller.workspaceId, ["public"], after, limit);
      return { conversations: page.rows.map(toConversation), nextPageToken: page.next };
    },
  };
}

async function listMine({ directory, memberships }: Parts, { userId }: Caller, after: string, limit: number) {
  const rows = (await memberships.readUserChannels(userId)).filter(({ member }) => member);
  const ids = rows.map(({ channel }) => parseConversationId(channel)).filter((id) => id !== undefined);
  const page = makePage(ids.filter((id) => id > after).sort(), limit, (id) => id);
  const found = await Promise.all(page.rows.map((id) => directory.findConversation(id)));
  const conversations = found.filter((row) => row !== undefined).map(toConversation);
  return { conversations, nextPageToken: page.next };
}

function find({ directory }: Parts, { channelId, name }: GetConversationRequest, { workspaceId }: Caller) {
  if (channelId === "" && name !== "") {
    return directory.findConversationByName(workspaceId, conversationName(name, "name"));
  }
  return directory.findConversation(conversationId(channelId, "channel_id"));
}

/** What is not public is seen by its members only, and its owner knows them. */
async function maySee({ owners }: Parts, row: ConversationRow, { caller, deadlineMs, trace }: CallContext) {
  if (row.workspaceId !== caller.workspaceId) return false;
  if (row.type === "public") return true;
  const range = { fromSeq: 0, limit: 1, downward: true, minSeq: 0 };
  return owners.readEvents(row.id, caller.userId, range, deadlineMs, trace).then(
    () => true,
    (error) => {
      const refused = ["not_in_channel", "channel_not_found"];
      if (error instanceof ConfabError && refused.includes(error.code)) return false;
      throw error;
    },
  );
}
