import type { MessageKey } from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import { erasedEpoch } from "./erased-rows.js";

/** A key and the id of the event under which its hash was written. */
interface FoundKey {
  readonly key: MessageKey;
  readonly writtenUs: number;
}

/**
 * The row that says that a message's keys were erased: it lies among them, with the id of the erasing event
 * in place of a `seq`.
 */
export function erasedKey({
  author,
  clientMsgId,
  written,
}: Pick<Erasure, "author" | "clientMsgId" | "written">): MessageKey {
  return { author, clientMsgId, epoch: erasedEpoch, seq: written, bodyHash: "" };
}

/** Keys without the hashes that were written before they were erased, however late they came. */
export function keysWithoutErased(found: readonly FoundKey[]): MessageKey[] {
  const erasedUs = found.find(({ key }) => key.epoch === erasedEpoch)?.key.seq ?? 0;
  return found
    .filter(({ key }) => key.epoch !== erasedEpoch)
    .map(({ key, writtenUs }) => (writtenUs < erasedUs ? { ...key, bodyHash: "" } : key));
}
