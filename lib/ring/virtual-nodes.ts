import { hash32, slotCount } from "./slot.js";

/** A member as the ring sees it. */
export interface WeightedMember {
  readonly memberId: string;
  /** Share of the slots in relation to the other members'; one of weight 0 gets pinned slots only. */
  readonly weight: number;
}

/** Virtual nodes that a member of mean weight has. */
const virtualNodesMean = 64;
const circle = 2 ** 32;
const arc = circle / slotCount;

/**
 * A circle of 2^32 places on which each slot begins an equal arc and each member has places, its virtual
 * nodes, as many as its weight says (Karger et al., STOC 1997; Dynamo, SOSP 2007, §6.2). A slot prefers
 * members in the order in which their virtual nodes follow it, clockwise. Of the other members only the
 * mean weight matters, for how many places a member has; where they are is its own.
 */
export class VirtualNodes {
  /** Each member's places, ascending. */
  readonly #places: Float64Array[];
  /** All places, ascending, and the number of the member that each belongs to. */
  readonly #all: { readonly place: number; readonly member: number }[];

  constructor(members: readonly WeightedMember[]) {
    const sum = members.reduce((total, { weight }) => total + weight, 0);
    this.#places = members.map(({ memberId, weight }) => {
      const share = sum > 0 ? weight / sum : 1 / members.length;
      const count = Math.max(1, Math.round(share * members.length * virtualNodesMean));
      return Float64Array.from({ length: count }, (_, i) => hash32(`${memberId}#${i}`)).sort();
    });
    this.#all = this.#places
      .flatMap((places, member) => Array.from(places, (place) => ({ place, member })))
      .sort((one, other) => one.place - other.place || one.member - other.member);
  }

  /** The first member clockwise of a slot that is accepted, or undefined if none is. */
  first(slot: number, accepts: (member: number) => boolean): number | undefined {
    const begin = lowerBound(this.#all.length, (i) => this.#all[i]!.place >= slot * arc);
    for (let step = 0; step < this.#all.length; step++) {
      const { member } = this.#all[(begin + step) % this.#all.length]!;
      if (accepts(member)) return member;
    }
    return undefined;
  }

  /**
   * How far clockwise of a slot a member's next virtual node is; the nearer, the more the slot prefers it.
   */
  distance(slot: number, member: number): number {
    const places = this.#places[member]!;
    const next = lowerBound(places.length, (i) => places[i]! >= slot * arc);
    return next < places.length ? places[next]! - slot * arc : places[0]! + circle - slot * arc;
  }
}

/**
 * The lowest of `count` indices that a condition holds for which holds for all above it too; else `count`.
 */
function lowerBound(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
