import { assignSlots } from "../../../lib/ring/ring.js";
import type { WeightedMember } from "../../../lib/ring/virtual-nodes.js";

/** What was asked last, and the answer. */
interface Answered {
  readonly question: string;
  readonly previous: readonly (string | undefined)[];
  readonly targets: readonly string[];
}

/**
 * Asks the ring for an assignment, but not again while one is being carried out: as long as members and pins
 * are the same and every slot is where it was or where it was to go, so is the answer. That saves most of the
 * work (some 30 ms) after each step of a move, and keeps plans from changing halfway.
 */
export class StickyAssignment {
  #last: Answered | undefined;

  /** As `assignSlots`. */
  assign(
    members: readonly WeightedMember[],
    previous: readonly (string | undefined)[],
    pins: ReadonlyMap<number, string>,
  ): readonly string[] {
    const weights = members.map(({ memberId, weight }) => `${memberId} ${weight}`).sort();
    const question = JSON.stringify([weights, [...pins].sort(([one], [other]) => one - other)]);
    const last = this.#last;
    const isUnderWay = (memberId: string | undefined, slot: number) =>
      memberId === last?.previous[slot] || memberId === last?.targets[slot];
    if (last?.question === question && previous.every(isUnderWay)) return last.targets;
    const targets = assignSlots(members, previous, pins);
    this.#last = { question, previous: [...previous], targets };
    return targets;
  }
}
