import type { Transaction } from "../../lib/coordination/coordinator.js";
import { moveKey, slotKey } from "../../lib/ring/keys.js";
import { moveEntry } from "../../lib/ring/wishes.js";
import type { MovePlan } from "./core/moves.js";

/** Most moves that one transaction writes or removes. */
const batchMovesMax = 64;

/**
 * What asks owners for their release, and takes that back. A move is written only while the slot's record is
 * what the plan was made from: so none is written for an owner that is none any more.
 */
export function moveWrites({ begin, end }: MovePlan): Transaction[] {
  const puts = inParts(begin).map((part) => ({
    when: part.map(({ move, recordRevision }) => ({ key: slotKey(move.slot), revision: recordRevision })),
    put: part.map(({ move }) => moveEntry(move)),
  }));
  const removals = inParts(end).map((part) => ({
    when: part.map(({ slot, revision }) => ({ key: moveKey(slot), revision })),
    remove: part.map(({ slot }) => moveKey(slot)),
  }));
  return [...removals, ...puts];
}

function inParts<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / batchMovesMax);
  return Array.from({ length: count }, (_, i) => items.slice(i * batchMovesMax, (i + 1) * batchMovesMax));
}
