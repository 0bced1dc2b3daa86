import type { MeshRead } from "../../../../lib/ring/read-mesh.js";
import { isReleased } from "../../../../lib/ring/records.js";

/** A slot as `ring --json` shows it; without an owner nobody has it. */
export interface SlotView {
  readonly slot: number;
  readonly memberId: string;
  readonly incarnation: string;
  readonly address: string;
  readonly epoch: number;
  readonly cleanFrom: number;
  /** Member to which it is on its way; empty: to none. */
  readonly movesTo: string;
  /** Member that operators want to own it; empty: none. */
  readonly pinnedTo: string;
}

/** A member as `members` shows it. */
export interface MemberView {
  readonly memberId: string;
  readonly incarnation: string;
  readonly address: string;
  readonly weight: number;
  readonly slots: number;
  readonly state: "there" | "leaving" | "drained" | "gone";
}

/** All slots that were ever owned or are pinned, ascending. */
export function slotViews({ owners, moves, pins }: MeshRead): SlotView[] {
  const slots = [...new Set([...owners.keys(), ...pins.keys()])].sort((one, other) => one - other);
  const nobody = { memberId: "", incarnation: "", address: "", epoch: 0, cleanFrom: 0 };
  return slots.map((slot) => {
    const record = owners.get(slot)?.record;
    const movesTo = moves.get(slot)?.move?.toMemberId ?? "";
    return { ...nobody, ...record, slot, movesTo, pinnedTo: pins.get(slot) ?? "" };
  });
}

/** All incarnations that are members or own slots, by name. */
export function memberViews({ members, owners, drains }: MeshRead): MemberView[] {
  const views = new Map<string, MemberView>();
  for (const { leaving, ...member } of members) {
    const state = leaving ? "leaving" : drains.has(member.memberId) ? "drained" : "there";
    views.set(member.incarnation, { ...member, slots: 0, state });
  }
  for (const { record } of owners.values()) {
    if (!record || isReleased(record)) continue;
    const { memberId, incarnation, address } = record;
    const gone: MemberView = { memberId, incarnation, address, weight: 0, slots: 0, state: "gone" };
    const known = views.get(incarnation) ?? gone;
    views.set(incarnation, { ...known, slots: known.slots + 1 });
  }
  return [...views.values()].sort((one, other) => (one.incarnation < other.incarnation ? -1 : 1));
}

/** Numbers in few words: `0-5 7 9-10`; ascending, each once. */
export function rangesOf(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges[ranges.length - 1];
    if (last && last.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(" ");
}
