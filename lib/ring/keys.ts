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
/** Below which the moves under way are. */
export const movePrefix = "moves/";
/** Below which operators pin slots to members. */
export const pinPrefix = "pins/";
/** Below which operators name members that are to own nothing. */
export const drainPrefix = "drains/";
/** Below which operators name incarnations that are to be fenced. */
export const fencePrefix = "fences/";
/** Key that the leading charm holds. */
export const charmLeaderKey = "leader/charm";

const memberIdShape = /^[\w.-]{1,64}$/;
const incarnationShape = /^[\w.-]{1,64}(\/[\w.-]{1,64})?$/;
const slotNumberShape = /^\d{4}$/;

/** Key of a member; throws `invalid_id` unless its id is 1 to 64 letters, digits, `.`, `_` and `-`. */
export function memberKey(memberId: string): string {
  return memberPrefix + checkedMemberId(memberId);
}

/** Key of the wish that a member own nothing; throws as `memberKey` does. */
export function drainKey(memberId: string): string {
  return drainPrefix + checkedMemberId(memberId);
}

/** Key of the wish that an incarnation (`MEMBER/LIFE`) be fenced; throws `invalid_id` if it is none. */
export function fenceKey(incarnation: string): string {
  if (!incarnationShape.test(incarnation)) throw new ConfabError("invalid_id", "incarnation");
  return fencePrefix + incarnation;
}

/**
 * Key of a slot, with zeros in front so that keys sort as slots do; throws `invalid_argument` for no slot.
 */
export function slotKey(slot: number): string {
  return numbered(slotPrefix, slot);
}

/** Key of the move of a slot; throws as `slotKey` does. */
export function moveKey(slot: number): string {
  return numbered(movePrefix, slot);
}

/** Key of the pin of a slot; throws as `slotKey` does. */
export function pinKey(slot: number): string {
  return numbered(pinPrefix, slot);
}

/** Number of the slot whose key below a prefix it is, or undefined. */
export function slotOfKey(key: string, prefix = slotPrefix): number | undefined {
  const number = key.startsWith(prefix) ? key.slice(prefix.length) : "";
  return slotNumberShape.test(number) && isSlot(Number(number)) ? Number(number) : undefined;
}

/** Whether a number is that of a slot. */
export function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 0 && slot < slotCount;
}

function checkedMemberId(memberId: string): string {
  if (!memberIdShape.test(memberId)) throw new ConfabError("invalid_id", "memberId");
  return memberId;
}

function numbered(prefix: string, slot: number): string {
  if (!isSlot(slot)) throw new ConfabError("invalid_argument", "slot");
  return prefix + String(slot).padStart(4, "0");
}
