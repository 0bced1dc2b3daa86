import { ConfabError } from "../errors/errors.js";
import { slotCount } from "./slot.js";

/** Below which the members' keys are. */
export const memberPrefix = "members/";
/** Below which the slots' keys are. */
export const slotPrefix = "slots/";
/** Key of the last epoch drawn, in decimal: one counter for the whole mesh. */
export const epochKey = "epoch";
/** Key of the name of the coordinator's data. */
export const generationKey = "generation";
/** Key that the leading charm holds. */
export const charmLeaderKey = "leader/charm";

const memberIdShape = /^[\w.-]{1,64}$/;
const slotKeyShape = /^slots\/\d{4}$/;

/** Key of a member; throws `invalid_id` unless its id is 1 to 64 letters, digits, `.`, `_` and `-`. */
export function memberKey(memberId: string): string {
  if (!memberIdShape.test(memberId)) throw new ConfabError("invalid_id", "memberId");
  return memberPrefix + memberId;
}

/**
 * Key of a slot, with zeros in front so that keys sort as slots do; throws `invalid_argument` for no slot.
 */
export function slotKey(slot: number): string {
  if (!isSlot(slot)) throw new ConfabError("invalid_argument", "slot");
  return slotPrefix + String(slot).padStart(4, "0");
}

/** Number of the slot whose key it is, or undefined. */
export function slotOfKey(key: string): number | undefined {
  const slot = slotKeyShape.test(key) ? Number(key.slice(slotPrefix.length)) : undefined;
  return slot !== undefined && isSlot(slot) ? slot : undefined;
}

/** Whether a number is that of a slot. */
export function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < slotCount;
}
