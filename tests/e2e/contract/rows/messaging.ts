import {
  emoji,
  free,
  joined,
  joinedList,
  limit,
  message,
  missing,
  pastSeq,
  presentMessage,
  readable,
  shortText,
  text,
} from "../kinds.js";
import type { FieldCase, Rows } from "../row.js";

/** Whether a reply is shown in the channel as well. */
export const broadcast: readonly FieldCase[] = [
  { what: "outside threads", error: "invalid_argument", value: () => true },
];

/** What `Messaging` must refuse. */
export const messagingRows: Rows = {
  "Messaging.PostMessage": {
    good: ({ channelId }) => ({ channelId, message: { text: "good", clientMsgId: "contract" } }),
    fields: {
      channelId: joined,
      message: [missing("missing_argument", undefined)],
      "message.text": text,
      "message.clientMsgId": shortText(64),
      "message.parentId": free,
      "message.broadcast": broadcast,
      firstAttempt: free,
    },
  },
  "Messaging.PostMessages": {
    good: ({ channelId }) => ({ channelId, messages: [{ text: "good", clientMsgId: "contract" }] }),
    fields: {
      channelId: joined.filter(({ error }) => error === "invalid_id" || error === "missing_argument"),
      messages: [
        missing("too_many_posts", []),
        { what: "too many", error: "too_many_posts", value: () => Array(257).fill({ text: "x" }) },
      ],
      // Each message has a result of its own, which tests/e2e/bad-input-grpc.ts looks into.
      "messages[].text": free,
      "messages[].clientMsgId": free,
      "messages[].parentId": free,
      "messages[].broadcast": free,
      firstAttempt: free,
    },
  },
  "Messaging.EditMessage": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.plain, text: "better" }),
    fields: {
      channelId: joined,
      messageId: [
        ...presentMessage,
        { what: "another's", error: "cant_update_message", value: ({ messages }) => messages.bobs },
      ],
      text,
    },
  },
  "Messaging.DeleteMessage": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.spare }),
    fields: {
      channelId: joined,
      messageId: [
        ...presentMessage,
        { what: "another's", error: "cant_delete_message", value: ({ messages }) => messages.bobs },
      ],
    },
  },
  "Messaging.AddReaction": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.marked, emoji: "tada" }),
    fields: {
      channelId: joined,
      messageId: presentMessage,
      emoji: [...emoji, { what: "there already", error: "already_reacted", value: () => "eyes" }],
    },
  },
  "Messaging.RemoveReaction": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.marked, emoji: "eyes" }),
    fields: {
      channelId: joined,
      messageId: presentMessage,
      emoji: [...emoji, { what: "not there", error: "no_reaction", value: () => "fish" }],
    },
  },
  "Messaging.PinMessage": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.plain }),
    fields: {
      channelId: joined,
      messageId: [
        ...presentMessage,
        { what: "pinned", error: "already_pinned", value: ({ messages }) => messages.marked },
      ],
    },
  },
  "Messaging.UnpinMessage": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.marked }),
    fields: {
      channelId: joined,
      messageId: [
        ...presentMessage,
        { what: "not pinned", error: "no_pin", value: ({ messages }) => messages.plain },
      ],
    },
  },
  "Messaging.SendTyping": {
    good: ({ channelId }) => ({ channelId }),
    fields: { channelId: joined, parentId: free },
  },
  "Messaging.ListEvents": {
    good: ({ channelId }) => ({ channelId }),
    fields: {
      channelId: [
        ...readable,
        { what: "another user", error: "channel_not_found", value: ({ mesh }) => mesh.bob.id },
      ],
      afterSeq: pastSeq,
      limit,
    },
  },
  "Messaging.ListMessages": {
    good: ({ channelId }) => ({ channelId }),
    fields: { channelId: readable, beforeSeq: free, limit },
  },
  "Messaging.ListReplies": {
    good: ({ channelId, messages }) => ({ channelId, parentId: messages.marked }),
    fields: {
      channelId: readable,
      parentId: [
        ...message("thread_not_found"),
        { what: "a reply", error: "thread_not_found", value: ({ messages }) => messages.reply },
      ],
      afterId: free,
      limit,
    },
  },
  "Messaging.GetMessage": {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.reply }),
    fields: { channelId: readable, messageId: presentMessage },
  },
  "Messaging.MarkRead": {
    good: ({ channelId }) => ({ channelId, seq: 2 }),
    fields: { channelId: joined, seq: [missing("missing_argument", 0), ...pastSeq] },
  },
  "Messaging.ListUnread": {
    good: ({ channelId }) => ({ channelIds: [channelId] }),
    fields: { channelIds: joinedList },
  },
};
