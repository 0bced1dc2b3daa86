/** What came of races. All from `leaks` on are faults. */
export interface Findings {
  /** Races in which the post came before the removal, and behind it. */
  before: number;
  after: number;
  /** Races in which the member was connecting while it was removed. */
  connecting: number;
  /** Times that the member got everything again after it had joined again. */
  rejoined: number;
  /** Events behind a removal that reached the removed, and whatever a former member could read in private. */
  leaks: number;
  /** Events up to the removal, or behind joining again, that did not come. */
  missing: number;
  /** Events that came twice or in another order. */
  disorder: number;
  /** Attempts of a removed member to follow the channel that were not refused as they should be. */
  unrefused: number;
  /** Removals that a connected follower was not told of. */
  untold: number;
}

export function noFindings(): Findings {
  const outcomes = { before: 0, after: 0, connecting: 0, rejoined: 0 };
  return { ...outcomes, leaks: 0, missing: 0, disorder: 0, unrefused: 0, untold: 0 };
}

/** Compares what came with what was to come: everything above `from` up to `to`, in order, and no more. */
export function compare(seqs: readonly number[], from: number, to: number) {
  const due = seqs.filter((seq) => seq > from && seq <= to);
  return {
    leaks: seqs.filter((seq) => seq > to).length,
    missing: to - from - new Set(due).size,
    disorder: seqs.filter((seq, i) => seq <= (i === 0 ? from : seqs[i - 1]!)).length,
  };
}
