import { DirectoryService } from "../../gen/confab/v1/directory.js";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { PresenceService } from "../../gen/confab/v1/presence.js";
import { RealtimeService } from "../../gen/confab/v1/realtime.js";
import { RepairingOwners } from "../../lib/owners/repairing-owners.js";
import { implement } from "../../lib/rpc/implement.js";
import { loadDescriptors } from "../../lib/rpc/reflection.js";
import { createRpcServer, type RpcServer } from "../../lib/rpc/server.js";
import { changeHandlers } from "./handlers/changes.js";
import { conversationHandlers } from "./handlers/conversations.js";
import { directoryHandlers } from "./handlers/directory.js";
import { memberHandlers } from "./handlers/members.js";
import { messagingHandlers } from "./handlers/messaging.js";
import { realtimeHandlers } from "./handlers/realtime.js";
import { unreadHandlers } from "./handlers/unread.js";
import type { AdminParts } from "./parts.js";

/**
 * Makes the admin service; it offers nothing before `listen`. What it was given stays open when it closes.
 */
export function createAdmin(parts: AdminParts): RpcServer {
  const repairing = { ...parts, owners: new RepairingOwners(parts.owners, parts.directory) };
  const messaging = {
    ...messagingHandlers(repairing),
    ...changeHandlers(repairing),
    ...unreadHandlers(repairing),
  };
  const directory = {
    ...directoryHandlers(parts),
    ...conversationHandlers(repairing, parts),
    ...memberHandlers(repairing),
  };
  const services = [
    implement(MessagingService, messaging, parts),
    implement(DirectoryService, directory, parts),
    implement(RealtimeService, realtimeHandlers(parts), parts, { subscribe: parts.subscribe }),
    implement(PresenceService, {}, parts),
  ];
  const { clock, credentials } = parts;
  return createRpcServer({ clock, descriptors: loadDescriptors(), services, credentials });
}
