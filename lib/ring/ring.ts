import { ConfabError } from "../errors/errors.js";
import { Allotment } from "./allotment.js";
import { rebalance } from "./rebalance.js";
import { VirtualNodes, type WeightedMember } from "./virtual-nodes.js";

/**
 * Which member should own which slot: consistent hashing with bounded loads (Mirrokni, Thorup and
 * Zadimoghaddam, SODA 2018) that moves nothing without need. A slot stays with its previous owner while
 * that one lives and has no more than its weighted share and 5 %; else it goes clockwise to the first
 * member below its share; a member more than 5 % below its share gets slots of the most loaded ones. So of
 * two lists that differ in one member, only that member's slots differ, provided that the previous
 * assignment was one for the other list.
 *
 * Pinned slots (slot → member id) go to their member if it is there, and count as part of its share. The
 * result has one member id for each slot, or is empty if there are no members, and does not depend on the
 * order of `members`. Throws `invalid_argument` for a weight outside of 0 to 2^32 and for a member id that
 * comes twice.
 */
export function assignSlots(
  members: readonly WeightedMember[],
  previous: readonly (string | undefined)[],
  pins: ReadonlyMap<number, string> = new Map(),
): string[] {
  check(members);
  if (members.length === 0) return [];
  const sorted = [...members].sort((one, other) => (one.memberId < other.memberId ? -1 : 1));
  const allotment = new Allotment(sorted, previous, pins);
  const ring = new VirtualNodes(sorted);
  placeFree(allotment, ring);
  rebalance(allotment, ring);
  return allotment.owners().map((member) => sorted[member]!.memberId);
}

function check(members: readonly WeightedMember[]): void {
  if (members.some(({ weight }) => !(weight >= 0 && weight < 2 ** 32))) {
    throw new ConfabError("invalid_argument", "weight");
  }
  if (new Set(members.map(({ memberId }) => memberId)).size < members.length) {
    throw new ConfabError("invalid_argument", "memberId", "a member comes twice");
  }
}

/** Gives each free slot to somebody; those that would have to take slots from others come first. */
function placeFree(allotment: Allotment, ring: VirtualNodes): void {
  const { loads } = allotment;
  const free = allotment.free();
  let needed = loads.reduce((total, { slots, low }) => total + Math.max(0, low - slots), 0);
  free.forEach((slot, i) => {
    const scarce = free.length - i <= needed;
    const member = ring.first(slot, (number) => {
      const { slots, low, quota } = loads[number]!;
      return slots < (scarce ? low : quota);
    })!;
    if (loads[member]!.slots < loads[member]!.low) needed--;
    allotment.give(slot, member);
  });
}
