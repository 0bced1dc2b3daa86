import type { DirectoryService } from "../../../gen/confab/v1/directory.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ConversationId, Position, UserId } from "../../../lib/ids/ids.js";
import { membersPerCallMax } from "../../../lib/limits/limits.js";
import { command, settled } from "../../../lib/owners/commands.js";
import { conversationId, pageToken, rowLimit, userId } from "../../../lib/requests/validate.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import { findConversation } from "../find-conversation.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "owners" | "directory" | "clock">;
type MemberAction = Parameters<typeof command>[2] & { readonly $case: "join" | "leave" };

/** Who is in a conversation. Its owner decides, at its place in the order. */
export function memberHandlers(parts: Parts): Handlers<typeof DirectoryService> {
  const { owners, directory } = parts;
  return {
    async joinConversation(request, call) {
      const { id, type } = await conversationOf(parts, request, call);
      const userIds = [call.caller.userId];
      try {
        return { position: await change(parts, id, { $case: "join", value: { userIds } }, call) };
      } catch (error) {
        if (type === "public" || !isNotMember(error)) throw error;
        throw new ConfabError("channel_not_found", "channel_id");
      }
    },

    async leaveConversation(request, call) {
      const { id } = await conversationOf(parts, request, call);
      const userIds = [call.caller.userId];
      return { position: await change(parts, id, { $case: "leave", value: { userIds } }, call) };
    },

    async inviteMembers(request, call) {
      const { id } = await conversationOf(parts, request, call);
      const userIds = await usersOf(directory, request.userIds, call);
      return { position: await change(parts, id, { $case: "join", value: { userIds } }, call) };
    },

    async removeMember(request, call) {
      const user = userId(request.userId, "user_id");
      const { id } = await conversationOf(parts, request, call);
      return { position: await change(parts, id, { $case: "leave", value: { userIds: [user] } }, call) };
    },

    async listMembers(request, call) {
      const after = pageToken(request.pageToken, "page_token");
      const limit = rowLimit(request.limit, "limit");
      const { id } = await conversationOf(parts, request, call);
      const value = { channelId: id, pageToken: after, limit };
      return owners.ask(id, call.caller.userId, { $case: "members", value }, call.deadlineMs, call.trace);
    },
  };
}

function conversationOf({ directory }: Parts, { channelId }: { channelId: string }, { caller }: CallContext) {
  return findConversation(directory, conversationId(channelId, "channel_id"), caller);
}

async function change(
  { owners, clock }: Parts,
  channel: ConversationId,
  action: MemberAction,
  call: CallContext,
): Promise<Position> {
  const position = await command(owners, channel, action, call);
  await settled(owners, channel, position, call, clock.now());
  return position;
}

/** Users of the caller's workspace who can sign in. Throws `user_not_found` for others. */
async function usersOf(
  directory: Parts["directory"],
  texts: readonly string[],
  { caller }: CallContext,
): Promise<UserId[]> {
  if (texts.length === 0) throw new ConfabError("missing_argument", "user_ids");
  if (texts.length > membersPerCallMax) {
    const wording = `user_ids may name at most ${membersPerCallMax} users`;
    throw new ConfabError("invalid_argument", "user_ids", wording);
  }
  const ids = texts.map((text, i) => userId(text, `user_ids[${i}]`));
  const rows = await Promise.all(ids.map((id) => directory.findUser(id)));
  const wrong = rows.findIndex((row) => row?.workspaceId !== caller.workspaceId || row.deactivated);
  if (wrong >= 0) throw new ConfabError("user_not_found", `user_ids[${wrong}]`);
  return [...new Set(ids)];
}

function isNotMember(error: unknown): boolean {
  return error instanceof ConfabError && error.code === "not_in_channel";
}
