import { conversationName, free, limit, missing, readable, shortText, user } from "../kinds.js";
import type { Row, Rows } from "../row.js";

const withoutFields: Row = { good: () => ({}), fields: {} };

/** What `Directory` must refuse. */
export const directoryRows: Rows = {
  "Directory.WhoAmI": withoutFields,
  "Directory.GetWorkspace": withoutFields,
  "Directory.GetUser": {
    good: ({ mesh }) => ({ userId: mesh.bob.id }),
    fields: { userId: [missing("missing_argument", ""), ...user] },
  },
  "Directory.ListUsers": { good: () => ({}), fields: { pageToken: shortText(256), limit } },
  "Directory.CreateToken": {
    good: () => ({ label: "contract" }),
    fields: {
      userId: [
        ...user.filter(({ error }) => error === "invalid_id"),
        { what: "another user", error: "not_implemented", value: ({ mesh }) => mesh.bob.id },
      ],
      label: shortText(80),
    },
  },
  "Directory.CreateConversation": {
    good: () => ({ name: "contract", type: 1, topic: "" }),
    fields: {
      name: conversationName,
      type: [
        { what: "direct", error: "invalid_argument", value: () => 3 },
        { what: "unknown", error: "invalid_argument", value: () => 99 },
      ],
      topic: shortText(250),
    },
  },
  "Directory.GetConversation": {
    good: ({ channelId }) => ({ channelId }),
    fields: {
      // What is hidden from the caller is not there for them.
      channelId: readable.map((one) =>
        one.error === "not_in_channel" ? { ...one, error: "channel_not_found" } : one,
      ),
      name: free,
    },
  },
  "Directory.ListConversations": {
    good: () => ({}),
    fields: {
      pageToken: shortText(256),
      limit,
      mine: [{ what: "not built yet", error: "not_implemented", value: () => true }],
    },
  },
};
