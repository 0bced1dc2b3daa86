import {
  conversationName,
  free,
  handle,
  joinedVisible,
  limit,
  missing,
  readable,
  shortText,
  user,
  users,
  visible,
} from "../kinds.js";
import type { Row, Rows } from "../row.js";

const withoutFields: Row = { good: () => ({}), fields: {} };

/** What `Directory` must refuse. */
export const directoryRows: Rows = {
  "Directory.WhoAmI": withoutFields,
  "Directory.GetWorkspace": withoutFields,
  "Directory.CreateUser": {
    good: () => ({ name: "contract", displayName: "Contract" }),
    fields: { name: handle, displayName: shortText(80), bot: free },
  },
  "Directory.GetUser": {
    good: ({ mesh }) => ({ userId: mesh.bob.id }),
    fields: { userId: [missing("missing_argument", ""), ...user] },
  },
  "Directory.ListUsers": { good: () => ({}), fields: { pageToken: shortText(256), limit } },
  "Directory.CreateToken": {
    good: ({ catId }) => ({ userId: catId, label: "contract" }),
    fields: {
      userId: [
        ...user,
        { what: "not created by the caller", error: "restricted_action", value: ({ mesh }) => mesh.bob.id },
        {
          ...{ what: "created by somebody else", error: "restricted_action", by: "bob" },
          value: ({ catId }) => catId,
        },
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
      channelId: visible,
      name: free,
    },
  },
  "Directory.ListConversations": {
    good: () => ({}),
    fields: {
      pageToken: shortText(256),
      limit,
      mine: free,
    },
  },
  "Directory.JoinConversation": {
    good: ({ bobsId }) => ({ channelId: bobsId }),
    fields: { channelId: visible },
  },
  "Directory.LeaveConversation": {
    good: ({ privateId }) => ({ channelId: privateId }),
    fields: {
      channelId: [
        ...readable,
        { what: "the caller never was a member", error: "not_in_channel", value: ({ bobsId }) => bobsId },
      ],
    },
  },
  "Directory.InviteMembers": {
    good: ({ channelId, catId }) => ({ channelId, userIds: [catId] }),
    fields: { channelId: joinedVisible, userIds: users },
  },
  "Directory.RemoveMember": {
    good: ({ channelId, catId }) => ({ channelId, userId: catId }),
    fields: {
      channelId: [
        ...joinedVisible,
        { what: "created by another", error: "restricted_action", value: ({ sharedId }) => sharedId },
      ],
      userId: [
        missing("missing_argument", ""),
        ...user.map((one) =>
          one.error === "user_not_found" ? { ...one, error: "user_not_in_channel" } : one,
        ),
      ],
    },
  },
  "Directory.ListMembers": {
    good: ({ channelId }) => ({ channelId }),
    fields: { channelId: readable, pageToken: shortText(256), limit },
  },
};
