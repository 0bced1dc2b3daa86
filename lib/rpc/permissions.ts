import type { DirectoryService } from "../../gen/confab/v1/directory.js";
import type { MessagingService } from "../../gen/confab/v1/messaging.js";
import type { PresenceService } from "../../gen/confab/v1/presence.js";
import type { RealtimeService } from "../../gen/confab/v1/realtime.js";

/**
 * What a caller must be to make a call at all. What they may do with one conversation is decided by its
 * owner.
 *
 * - `workspace_member`: a user of a workspace who is not deactivated; the call reaches that workspace only.
 */
export type Permission = "workspace_member";

const member = "workspace_member";

const messaging: Record<keyof MessagingService, Permission> = {
  postMessage: member,
  postMessages: member,
  editMessage: member,
  deleteMessage: member,
  addReaction: member,
  removeReaction: member,
  pinMessage: member,
  unpinMessage: member,
  listEvents: member,
  listMessages: member,
  listReplies: member,
  getMessage: member,
  markRead: member,
  listUnread: member,
  sendTyping: member,
  postEphemeral: member,
};

const directory: Record<keyof DirectoryService, Permission> = {
  whoAmI: member,
  getWorkspace: member,
  createUser: member,
  getUser: member,
  listUsers: member,
  updateUser: member,
  deactivateUser: member,
  createToken: member,
  revokeToken: member,
  createConversation: member,
  openDirectConversation: member,
  getConversation: member,
  listConversations: member,
  updateConversation: member,
  archiveConversation: member,
  unarchiveConversation: member,
  deleteConversation: member,
  joinConversation: member,
  leaveConversation: member,
  inviteMembers: member,
  removeMember: member,
  listMembers: member,
};

const realtime: Record<keyof RealtimeService, Permission> = { connect: member, subscribe: member };

const presence: Record<keyof PresenceService, Permission> = {
  setPresence: member,
  getPresence: member,
  setDoNotDisturb: member,
};

const services: Record<string, Record<string, Permission>> = {
  "confab.v1.Messaging": messaging,
  "confab.v1.Directory": directory,
  "confab.v1.Realtime": realtime,
  "confab.v1.Presence": presence,
};

/** The permission that a method needs; undefined for methods that are not for callers. */
export function permissionOf(path: string): Permission | undefined {
  const [, service = "", method = ""] = path.split("/");
  return services[service]?.[method.charAt(0).toLowerCase() + method.slice(1)];
}
