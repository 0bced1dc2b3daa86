import type { MessagingService } from "../../../gen/confab/v1/messaging.js";
import { command } from "../../../lib/owners/commands.js";
import { parseText } from "../../../lib/requests/posts.js";
import { parseReaction } from "../../../lib/requests/reactions.js";
import { conversationId, messageId } from "../../../lib/requests/validate.js";
import type { Handlers } from "../../../lib/rpc/implement.js";
import type { AdminParts } from "../parts.js";

interface MessageName {
  readonly channelId: string;
  readonly messageId: number;
}

/** Changing messages, and what is put on them. Who may is decided by the conversation's owner. */
export function changeHandlers({ owners }: Pick<AdminParts, "owners">): Handlers<typeof MessagingService> {
  const channelOf = ({ channelId }: MessageName) => conversationId(channelId, "channel_id");
  const nameOf = ({ messageId: id }: MessageName) => ({ messageId: messageId(id, "message_id") });
  return {
    async editMessage(request, call) {
      const channel = channelOf(request);
      const value = { ...nameOf(request), text: parseText(request.text, "text") };
      return { position: await command(owners, channel, { $case: "edit", value }, call) };
    },

    async deleteMessage(request, call) {
      const action = { $case: "delete", value: nameOf(request) } as const;
      return { position: await command(owners, channelOf(request), action, call) };
    },

    async addReaction(request, call) {
      const action = { $case: "react", value: parseReaction(request) } as const;
      return { position: await command(owners, channelOf(request), action, call) };
    },

    async removeReaction(request, call) {
      const action = { $case: "unreact", value: parseReaction(request) } as const;
      return { position: await command(owners, channelOf(request), action, call) };
    },

    async pinMessage(request, call) {
      const action = { $case: "pin", value: nameOf(request) } as const;
      return { position: await command(owners, channelOf(request), action, call) };
    },

    async unpinMessage(request, call) {
      const action = { $case: "unpin", value: nameOf(request) } as const;
      return { position: await command(owners, channelOf(request), action, call) };
    },
  };
}
