import { emoji, free, joined, missing, pastSeq, presentMessage, shortText, text } from "../kinds.js";
import type { FieldCase, Rows } from "../row.js";
import { broadcast } from "./messaging.js";

const nowhere = "C000000000000";
const invalidIds: readonly FieldCase[] = [
  "",
  "general",
  "c000000000000",
  `${nowhere}0`,
  "C00000000000\0",
].map((id) => ({ what: JSON.stringify(id), error: "invalid_id", value: () => id }));

/** What `Realtime` must refuse, but for its frames. */
export const realtimeRows: Rows = {
  "Realtime.Connect": { good: () => ({}), fields: { region: shortText(64) } },
};

/** What a connection must refuse. */
export const frameRows: Rows = {
  subscribe: {
    good: ({ channelId }) => ({ channels: [{ channelId, position: { seq: 1, id: 1 } }] }),
    fields: {
      all: free,
      channels: [
        {
          ...{ what: "too many", error: "too_many_subscriptions" },
          value: () =>
            Array.from({ length: 5001 }, (_, i) => ({ channelId: `C${`${i}`.padStart(12, "0")}` })),
        },
      ],
      "channels[].channelId": [
        ...invalidIds,
        { what: "unknown", error: "channel_not_found", value: () => nowhere },
        { what: "another workspace's", error: "not_in_channel", value: ({ foreignId }) => foreignId },
        { what: "this workspace's, asked from another", error: "not_in_channel", by: "eve" },
        { what: "of which the caller is no member", error: "not_in_channel", by: "bob" },
        { what: "somebody's own", error: "channel_not_found", value: ({ mesh }) => mesh.bob.id },
      ],
      "channels[].position": free,
      "channels[].position.seq": [
        { what: "from the future", error: "invalid_position", value: () => 1_000_000 },
        { what: "as large as can be", error: "invalid_position", value: () => Number.MAX_SAFE_INTEGER },
      ],
      "channels[].position.id": free,
    },
  },
  // Ending what was not begun does no harm.
  unsubscribe: { good: ({ channelId }) => ({ channelIds: [channelId] }), fields: { channelIds: free } },
  typing: {
    good: ({ channelId }) => ({ channelId }),
    fields: {
      channelId: [
        ...["", "general", nowhere].map((id) => ({
          ...{ what: JSON.stringify(id), error: "not_in_channel" },
          value: () => id,
        })),
        { what: "another workspace's", error: "not_in_channel", value: ({ foreignId }) => foreignId },
      ],
      parentId: free,
    },
  },
  ping: { good: () => ({}), fields: {} },
  post: {
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
  react: {
    good: ({ channelId, messages }) => ({ channelId, messageId: messages.marked, emoji: "wave" }),
    fields: {
      channelId: joined,
      // What is over what numbers may be is in no frame that can be written here.
      messageId: presentMessage.filter(({ error }) => error !== "invalid_argument"),
      emoji: [...emoji, { what: "there already", error: "already_reacted", value: () => "eyes" }],
    },
  },
  mark: {
    good: ({ channelId }) => ({ channelId, seq: 2 }),
    fields: { channelId: joined, seq: [missing("missing_argument", 0), ...pastSeq] },
  },
};
