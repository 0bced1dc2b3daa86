import type { MessagingService, PostMessagesRequest, PostResult } from "../../../gen/confab/v1/messaging.js";
import type { Caller } from "../../../lib/auth/caller.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import {
  type ChannelId,
  makeId,
  type Position,
  parseConversationId,
  type Seq,
} from "../../../lib/ids/ids.js";
import { done } from "../../../lib/owners/commands.js";
import { parsePost, parsePosts } from "../../../lib/requests/posts.js";
import { conversationId, eventLimit, messageId, readableId } from "../../../lib/requests/validate.js";
import type { CallContext, Handlers } from "../../../lib/rpc/implement.js";
import { toProblem } from "../core/answers.js";
import { toEvents } from "../core/pages.js";
import { findConversation } from "../find-conversation.js";
import type { AdminParts } from "../parts.js";

type Parts = Pick<AdminParts, "owners" | "directory" | "random">;

/** Writing to conversations and reading them. */
export function messagingHandlers(parts: Parts): Handlers<typeof MessagingService> {
  const { owners, directory, random } = parts;
  const makeClientMsgId = () => makeId("C", random).slice(1);
  return {
    async postMessage({ channelId, message, firstAttempt }, { caller, deadlineMs, trace }) {
      const channel = conversationId(channelId, "channel_id");
      const value = parsePost(message, "message", makeClientMsgId);
      const options = { firstAttempt: firstAttempt || !message?.clientMsgId, deadlineMs, trace };
      const [outcome] = await owners.command(channel, caller.userId, [{ $case: "post", value }], options);
      return { position: done(outcome) };
    },

    async postMessages(request, call) {
      return { results: await postAll(parts, request, call, makeClientMsgId) };
    },

    async sendTyping({ channelId, parentId }, { caller, deadlineMs, trace }) {
      const channel = conversationId(channelId, "channel_id");
      const options = { firstAttempt: true, deadlineMs, trace };
      const typing = { $case: "typing", value: { parentId } } as const;
      const [outcome] = await owners.command(channel, caller.userId, [typing], options);
      done(outcome);
      return {};
    },

    async listEvents({ channelId, afterSeq, limit }, call) {
      const channel = readableId(channelId, "channel_id");
      const range = { fromSeq: afterSeq, limit: eventLimit(limit, "limit"), downward: false };
      return toEvents(await read(parts, channel, range, call), afterSeq);
    },

    async listMessages(request, { caller, deadlineMs, trace }) {
      const channel = conversationId(request.channelId, "channel_id");
      const value = { ...request, limit: eventLimit(request.limit, "limit") };
      await findConversation(directory, channel, caller);
      return owners.ask(channel, caller.userId, { $case: "history", value }, deadlineMs, trace);
    },

    async listReplies(request, { caller, deadlineMs, trace }) {
      const channel = conversationId(request.channelId, "channel_id");
      const parentId = messageId(request.parentId, "parent_id");
      const value = { ...request, parentId, limit: eventLimit(request.limit, "limit") };
      await findConversation(directory, channel, caller);
      return owners.ask(channel, caller.userId, { $case: "thread", value }, deadlineMs, trace);
    },

    async getMessage(request, { caller, deadlineMs, trace }) {
      const channel = conversationId(request.channelId, "channel_id");
      const value = { ...request, messageId: messageId(request.messageId, "message_id") };
      await findConversation(directory, channel, caller);
      const message = await owners.ask(
        channel,
        caller.userId,
        { $case: "message", value },
        deadlineMs,
        trace,
      );
      return { message };
    },
  };
}

/** Sends the valid messages in their order; each of the others has its own fault as result. */
async function postAll(
  { owners }: Parts,
  { channelId, messages, firstAttempt }: PostMessagesRequest,
  { caller, deadlineMs, trace }: CallContext,
  makeClientMsgId: () => string,
): Promise<PostResult[]> {
  const channel = conversationId(channelId, "channel_id");
  const posts = parsePosts(messages, makeClientMsgId);
  const actions = posts.flatMap((post) =>
    post instanceof ConfabError ? [] : [{ $case: "post", value: post } as const],
  );
  const isNew = firstAttempt || messages.every(({ clientMsgId }) => clientMsgId === "");
  const options = { firstAttempt: isNew, deadlineMs, trace };
  const outcomes = actions.length ? await owners.command(channel, caller.userId, actions, options) : [];
  let next = 0;
  return posts.map((post) => toResult(post instanceof ConfabError ? post : outcomes[next++]));
}

function toResult(outcome: Position | ConfabError | undefined): PostResult {
  if (outcome instanceof ConfabError) return { result: { $case: "problem", value: toProblem(outcome) } };
  return { result: { $case: "position", value: done(outcome) } };
}

async function read(
  { owners, directory }: Parts,
  channel: ChannelId,
  range: { readonly fromSeq: Seq; readonly limit: number; readonly downward: boolean },
  { caller, deadlineMs, trace }: CallContext,
) {
  await demandReadable(directory, channel, caller);
  return owners.readEvents(channel, caller.userId, { ...range, minSeq: 0 }, deadlineMs, trace);
}

async function demandReadable(
  directory: Parts["directory"],
  channel: ChannelId,
  caller: Caller,
): Promise<void> {
  if (channel === caller.userId) return;
  const id = parseConversationId(channel);
  if (!id) throw new ConfabError("channel_not_found", "channel_id");
  await findConversation(directory, id, caller);
}
