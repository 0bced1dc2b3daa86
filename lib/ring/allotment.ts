import { isSlot } from "./keys.js";
import { apportion } from "./quotas.js";
import { slotCount } from "./slot.js";
import type { WeightedMember } from "./virtual-nodes.js";

/** By what part of its quota a member may be off before slots are moved for it. */
const slackPart = 0.05;

/** How many slots a member has and should have. */
export interface Load {
  slots: number;
  readonly quota: number;
  /** Fewer slots than this and it is given more. */
  readonly low: number;
  /** More slots than this and some are taken away. */
  readonly high: number;
}

/** Who has which slot while slots are being assigned; members go by their number in the list. */
export class Allotment {
  readonly loads: readonly Load[];
  readonly #owners: (number | undefined)[] = new Array(slotCount).fill(undefined);
  readonly #pinned: ReadonlySet<number>;

  /** Begins with what is pinned to a member and, beside that, what members have had. */
  constructor(
    members: readonly WeightedMember[],
    previous: readonly (string | undefined)[],
    pins: ReadonlyMap<number, string>,
  ) {
    const numberOf = new Map(members.map(({ memberId }, i) => [memberId, i]));
    const pinned = [...pins].flatMap(([slot, memberId]) => {
      const member = numberOf.get(memberId);
      return member === undefined || !isSlot(slot) ? [] : [{ slot, member }];
    });
    this.#pinned = new Set(pinned.map(({ slot }) => slot));
    this.loads = loadsOf(
      members,
      pinned.map(({ member }) => member),
    );
    for (const { slot, member } of pinned) this.give(slot, member);
    for (let slot = 0; slot < slotCount; slot++) {
      const name = previous[slot];
      const member = name === undefined ? undefined : numberOf.get(name);
      if (member !== undefined && !this.#pinned.has(slot)) this.give(slot, member);
    }
  }

  ownerOf(slot: number): number | undefined {
    return this.#owners[slot];
  }

  give(slot: number, member: number): void {
    const owner = this.#owners[slot];
    if (owner !== undefined) this.loads[owner]!.slots--;
    this.#owners[slot] = member;
    this.loads[member]!.slots++;
  }

  /** The member of each slot, from slot 0 on, once all slots are given. */
  owners(): number[] {
    return this.#owners.filter((owner) => owner !== undefined);
  }

  /** Slots that nobody has. */
  free(): number[] {
    return allSlots.filter((slot) => this.#owners[slot] === undefined);
  }

  /** Slots that somebody has and that may move. */
  movable(): { readonly slot: number; readonly owner: number }[] {
    return allSlots.flatMap((slot) => {
      const owner = this.#owners[slot];
      return owner === undefined || this.#pinned.has(slot) ? [] : [{ slot, owner }];
    });
  }
}

const allSlots = Array.from({ length: slotCount }, (_, slot) => slot);

/** Loads of members that have nothing yet; `pinned` names a member for every slot pinned to it. */
function loadsOf(members: readonly WeightedMember[], pinned: readonly number[]): Load[] {
  const minimums: number[] = new Array(members.length).fill(0);
  for (const member of pinned) minimums[member]!++;
  const weights = members.map(({ weight }) => weight);
  return apportion(weights, minimums, slotCount).map((quota, i) => {
    const loose = quota - minimums[i]!;
    const slack = loose === 0 ? 0 : Math.max(1, Math.floor(loose * slackPart));
    return { slots: 0, quota, low: quota - slack, high: quota + slack };
  });
}
