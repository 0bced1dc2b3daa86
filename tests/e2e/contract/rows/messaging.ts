import { free, joined, limit, missing, pastSeq, readable, shortText, text } from "../kinds.js";
import type { FieldCase, Rows } from "../row.js";

const broadcast: readonly FieldCase[] = [
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
};
