import type { NewMessage } from "../../../gen/confab/v1/messaging.js";
import type { MessagePosted } from "../../../gen/confab/v1/types.js";
import { hash32 } from "../../../lib/ring/slot.js";

/**
 * 64 bits over what a post says, to tell a retry from another message under the same id; empty once its text
 * was erased, for a short text could be guessed from them.
 */
export function bodyHash(message: NewMessage | MessagePosted): string {
  if (message.text === "") return "";
  const body = `${message.parentId} ${message.broadcast ? 1 : 0} ${message.text}`;
  return hex(hash32(body)) + hex(hash32(`${body}#${body.length}`));
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, "0");
}
