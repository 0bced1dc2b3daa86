import { Drain, FenceRequest, Move, Pin } from "../../gen/confab/mesh/v1/ring.js";
import type { Entry } from "../coordination/coordinator.js";
import {
  drainKey,
  drainPrefix,
  fenceKey,
  fencePrefix,
  moveKey,
  movePrefix,
  pinKey,
  pinPrefix,
  slotOfKey,
} from "./keys.js";
import { parseJson } from "./records.js";

type KeyValue = Pick<Entry, "key" | "value">;

/** What is written to ask the owner of a slot for its release. */
export function moveEntry(move: Move): KeyValue {
  return { key: moveKey(move.slot), value: JSON.stringify(Move.toJSON(move)) };
}

/** What is written to pin a slot to a member. */
export function pinEntry(pin: Pin): KeyValue {
  return { key: pinKey(pin.slot), value: JSON.stringify(Pin.toJSON(pin)) };
}

/** What is written to have a member own nothing. */
export function drainEntry(memberId: string): KeyValue {
  return { key: drainKey(memberId), value: JSON.stringify(Drain.toJSON({ memberId })) };
}

/** What is written to have an incarnation fenced. */
export function fenceEntry(incarnation: string): KeyValue {
  return { key: fenceKey(incarnation), value: JSON.stringify(FenceRequest.toJSON({ incarnation })) };
}

/** The move that an entry holds, or undefined if it is not the one of its key or names nobody. */
export function parseMove({ key, value }: KeyValue): Move | undefined {
  const move = parseJson(value, Move.fromJSON);
  if (!move || move.slot !== slotOfKey(key, movePrefix)) return undefined;
  const names = [move.fromIncarnation, move.toMemberId, move.toIncarnation, move.toAddress];
  return names.includes("") ? undefined : move;
}

/** The pin that an entry holds, or undefined if it is not the one of its key or names nobody. */
export function parsePin({ key, value }: KeyValue): Pin | undefined {
  const pin = parseJson(value, Pin.fromJSON);
  return pin && pin.slot === slotOfKey(key, pinPrefix) && pin.memberId !== "" ? pin : undefined;
}

/** The member that is to own nothing; what matters is the key, whatever is under it. */
export function drainedMember({ key }: Pick<Entry, "key">): string {
  return key.slice(drainPrefix.length);
}

/** The incarnation that is to be fenced; what matters is the key, whatever is under it. */
export function incarnationToFence({ key }: Pick<Entry, "key">): string {
  return key.slice(fencePrefix.length);
}
