import type { MessagingService, Unread } from "../../../gen/confab/v1/messaging.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { type ConversationId, parseConversationId } from "../../../lib/ids/ids.js";
import { unreadConversationsMax } from "../../../lib/limits/limits.js";
import { markRead, readMarks } from "../../../lib/owners/read-marks.js";
import { conversationId, markedSeq } from "../../../lib/requests/validate.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "owners" | "memberships">;

/** Conversations that are asked at a time for one call. */
const askedMax = 16;

/** How far users have read. Marks are kept by the user's own channel, counts by the conversations. */
export function unreadHandlers(parts: Parts): Handlers<typeof MessagingService> {
  return {
    async markRead({ channelId, seq }, call) {
      const channel = conversationId(channelId, "channel_id");
      return { position: await markRead(parts.owners, channel, markedSeq(seq, "seq"), call) };
    },

    async listUnread({ channelIds }, call) {
      if (channelIds.length > unreadConversationsMax) {
        const wording = `channel_ids may name at most ${unreadConversationsMax} conversations`;
        throw new ConfabError("invalid_argument", "channel_ids", wording);
      }
      const named = channelIds.map((id, i) => conversationId(id, `channel_ids[${i}]`));
      return { unread: await listUnread(parts, [...new Set(named)], call) };
    },
  };
}

async function listUnread(
  parts: Parts,
  named: readonly ConversationId[],
  call: CallContext,
): Promise<Unread[]> {
  const { caller, deadlineMs, trace } = call;
  const channels = named.length > 0 ? named : await ownConversations(parts, caller.userId);
  const marks = await readMarks(parts.owners, named, call);
  const markOf = new Map(marks.map((mark) => [mark.channelId, mark]));
  return inTurns(channels, async (channel) => {
    const question = { $case: "unread", value: { mark: markOf.get(channel) } } as const;
    try {
      return await parts.owners.ask(channel, caller.userId, question, deadlineMs, trace);
    } catch (error) {
      // Who has just left is still in the list of their conversations.
      const left = error instanceof ConfabError && error.code === "not_in_channel";
      if (left && named.length === 0) return undefined;
      throw error;
    }
  });
}

async function ownConversations(
  { memberships }: Parts,
  user: CallContext["caller"]["userId"],
): Promise<ConversationId[]> {
  const rows = await memberships.readUserChannels(user);
  const ids = rows.map(({ channel, member }) => (member ? parseConversationId(channel) : undefined));
  return ids.filter((id) => id !== undefined).sort();
}

/** Does it for all, few at a time; leaves out what comes to nothing. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result | undefined>,
): Promise<Result[]> {
  const results: (Result | undefined)[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(askedMax, items.length) }, worker));
  return results.filter((result) => result !== undefined);
}
