import type { Allotment, Load } from "./allotment.js";
import type { VirtualNodes } from "./virtual-nodes.js";

/**
 * Moves as few slots as bring every member within its slack: from those above it, further from the most
 * loaded; to those below it, further to the least loaded. Of the slots that may move those go that prefer
 * their new member most.
 */
export function rebalance(allotment: Allotment, ring: VirtualNodes): void {
  const { gives, takes } = balances(allotment.loads);
  const wishes = allotment.movable().flatMap(({ slot, owner }) => {
    if (gives[owner] === 0) return [];
    return takes.flatMap((count, member) =>
      count > 0 ? [{ slot, owner, member, distance: ring.distance(slot, member) }] : [],
    );
  });
  wishes.sort(
    (one, other) => one.distance - other.distance || one.slot - other.slot || one.member - other.member,
  );
  for (const { slot, owner, member } of wishes) {
    if (gives[owner]! === 0 || takes[member]! === 0 || allotment.ownerOf(slot) !== owner) continue;
    gives[owner]!--;
    takes[member]!--;
    allotment.give(slot, member);
  }
}

/** How many slots each member gives away and takes; all given are taken. */
function balances(loads: readonly Load[]): { gives: number[]; takes: number[] } {
  const gives = loads.map(({ slots, high }) => Math.max(0, slots - high));
  const takes = loads.map(({ slots, low }) => Math.max(0, low - slots));
  let given = sum(gives);
  let taken = sum(takes);
  const fullness = (i: number) => (loads[i]!.slots - gives[i]! + takes[i]!) / loads[i]!.quota;
  const numbers = loads.map((_, i) => i);
  for (; given < taken; given++) {
    const above = numbers.filter((i) => loads[i]!.slots - gives[i]! > loads[i]!.quota);
    gives[above.reduce((most, i) => (fullness(i) > fullness(most) ? i : most))]!++;
  }
  for (; taken < given; taken++) {
    const below = numbers.filter((i) => loads[i]!.slots + takes[i]! < loads[i]!.quota);
    takes[below.reduce((least, i) => (fullness(i) < fullness(least) ? i : least))]!++;
  }
  return { gives, takes };
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
