import type { NewMessage } from "../../gen/confab/v1/messaging.js";
import { ConfabError } from "../errors/errors.js";
import { clientMsgIdBytesMax, postsPerCallMax, textBytesMax, textCodePointsMax } from "../limits/limits.js";
import { countCodePoints, isStorable } from "./validate.js";

/**
 * A message that can be posted. Without a `client_msg_id` it is given one.
 *
 * @param field path of the message in its request
 * @throws ConfabError that names the field at fault
 */
export function parsePost(
  message: NewMessage | undefined,
  field: string,
  makeClientMsgId: () => string,
): NewMessage {
  if (!message) throw new ConfabError("missing_argument", field);
  const { parentId, broadcast } = message;
  if (broadcast && parentId === 0) {
    const wording = "broadcast is for replies: parent_id is missing";
    throw new ConfabError("invalid_argument", `${field}.broadcast`, wording);
  }
  return {
    text: parseText(message.text, `${field}.text`),
    clientMsgId: parseClientMsgId(message.clientMsgId, `${field}.client_msg_id`) || makeClientMsgId(),
    parentId,
    broadcast,
  };
}

/** The messages of one call, each with its own fault if it has one. Throws `too_many_posts`. */
export function parsePosts(
  messages: readonly NewMessage[],
  makeClientMsgId: () => string,
): (NewMessage | ConfabError)[] {
  if (messages.length === 0 || messages.length > postsPerCallMax) {
    throw new ConfabError("too_many_posts", "messages");
  }
  return messages.map((message, i) => {
    try {
      return parsePost(message, `messages[${i}]`, makeClientMsgId);
    } catch (error) {
      if (error instanceof ConfabError) return error;
      throw error;
    }
  });
}

/** A message's text. Throws `no_text`, `msg_too_long` or `invalid_text`. */
export function parseText(text: string, field: string): string {
  if (text === "") throw new ConfabError("no_text", field);
  const tooLong =
    countCodePoints(text, textCodePointsMax) > textCodePointsMax || Buffer.byteLength(text) > textBytesMax;
  if (tooLong) throw new ConfabError("msg_too_long", field);
  if (!isStorable(text)) throw new ConfabError("invalid_text", field);
  return text;
}

function parseClientMsgId(id: string, field: string): string {
  if (Buffer.byteLength(id) <= clientMsgIdBytesMax && isStorable(id)) return id;
  const wording = `client_msg_id may have at most ${clientMsgIdBytesMax} bytes`;
  throw new ConfabError("invalid_argument", field, wording);
}
