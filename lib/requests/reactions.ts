import { emojiName, messageId } from "./validate.js";

/** A reaction that can be put on a message, or taken off. */
export interface Reaction {
  readonly messageId: number;
  readonly emoji: string;
}

/**
 * @param path of the request, with a dot, where it is inside another one
 * @throws ConfabError that names the field at fault
 */
export function parseReaction(request: Reaction, path = ""): Reaction {
  return {
    messageId: messageId(request.messageId, `${path}message_id`),
    emoji: emojiName(request.emoji, `${path}emoji`),
  };
}
