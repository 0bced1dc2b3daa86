import { InvalidArgumentError } from "commander";
import { parseChannelId } from "../../../../lib/ids/ids.js";
import { drainKey, fenceKey, isSlot } from "../../../../lib/ring/keys.js";
import type { MeshRead } from "../../../../lib/ring/read-mesh.js";
import { slotCount, slotOf } from "../../../../lib/ring/slot.js";
import { ConfabError } from "../../../sdk/node.js";

/** How a slot may be given. */
export const slotHelp = `number from 0 to ${slotCount - 1}, or the id of a channel that is in it`;

/** Reads a slot. */
export function slotArgument(text: string): number {
  const channel = parseChannelId(text);
  if (channel) return slotOf(channel);
  if (/^\d{1,4}$/.test(text) && isSlot(Number(text))) return Number(text);
  throw new InvalidArgumentError(`Not a ${slotHelp}.`);
}

/** Reads the id of a member. */
export function memberArgument(text: string): string {
  return checked(text, drainKey, "a member's id: 1 to 64 letters, digits, '.', '_' and '-'");
}

/** Reads the id of a member, or one of its incarnations. */
export function incarnationArgument(text: string): string {
  return checked(text, fenceKey, "a member's id or an incarnation, like channel-1/0123456789AB");
}

/** Refuses a member that is not there, by name. */
export function checkMember(mesh: MeshRead, memberId: string): void {
  if (mesh.members.some((member) => member.memberId === memberId)) return;
  const there = mesh.members.map((member) => member.memberId).sort();
  const who = there.length > 0 ? `there are ${there.join(", ")}` : "there is none";
  throw new ConfabError("invalid_argument", "member", `there is no member ${memberId}: ${who}`);
}

function checked(text: string, keyOf: (text: string) => string, rule: string): string {
  try {
    keyOf(text);
    return text;
  } catch {
    throw new InvalidArgumentError(`Not ${rule}.`);
  }
}
