import type { Member, Move, OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { KnownMove } from "../../../lib/ring/read-mesh.js";

/** Most moves that are under way at a time. */
const movesMax = 64;

/** A move to write, for as long as the slot's record has the named revision. */
export interface MoveWrite {
  readonly move: Move;
  readonly recordRevision: number;
}

/** Moves to begin, and those under way that nobody wants any more: a slot, and the revision of its move. */
export interface MovePlan {
  readonly begin: readonly MoveWrite[];
  readonly end: readonly { readonly slot: number; readonly revision: number }[];
  /** How many are under way once that is done. */
  readonly underWay: number;
}

/** A slot that a living member owns and another one is to have. */
export interface WantedMove {
  readonly record: OwnerRecord;
  readonly revision: number;
  readonly to: Member;
  /** The lower, the sooner. */
  readonly urgency: number;
}

/**
 * Which moves are to be under way: the most urgent ones, those that have begun before others, and as many as
 * are good at a time. What is under way but not among them is ended: its owner or target is another now, or
 * the plan is.
 */
export function planMoves(wanted: readonly WantedMove[], present: ReadonlyMap<number, KnownMove>): MovePlan {
  const ranked = wanted.map((one) => {
    const has = present.get(one.record.slot)?.move;
    return { ...one, move: moveOf(one), hasBegun: has !== undefined && isSame(has, moveOf(one)) };
  });
  ranked.sort(
    (one, other) =>
      one.urgency - other.urgency ||
      Number(other.hasBegun) - Number(one.hasBegun) ||
      one.record.slot - other.record.slot,
  );
  const taken = ranked.slice(0, movesMax);
  const goOn = new Set(taken.filter(({ hasBegun }) => hasBegun).map(({ move }) => move.slot));
  const begin = taken.filter(({ hasBegun }) => !hasBegun);
  const replaced = new Set(begin.map(({ move }) => move.slot));
  const end = [...present].filter(([slot]) => !goOn.has(slot) && !replaced.has(slot));
  return {
    begin: begin.map(({ move, revision }) => ({ move, recordRevision: revision })),
    end: end.map(([slot, { revision }]) => ({ slot, revision })),
    underWay: taken.length,
  };
}

function moveOf({ record, to }: WantedMove): Move {
  return {
    slot: record.slot,
    fromIncarnation: record.incarnation,
    toMemberId: to.memberId,
    toIncarnation: to.incarnation,
    toAddress: to.address,
  };
}

function isSame(one: Move, other: Move): boolean {
  return (
    one.fromIncarnation === other.fromIncarnation &&
    one.toIncarnation === other.toIncarnation &&
    one.toAddress === other.toAddress
  );
}
