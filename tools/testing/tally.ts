/** How a run went. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** All runs together. */
export function sum(tallies: readonly Tally[]): Tally {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  return total;
}

/** One step that counts as one test. */
export function single(ok: boolean): Tally {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** The closing line of a run. */
export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}

/** Whether the run is good: nothing failed and, where all must run, nothing was skipped. */
export function isGood(tally: Tally, allMustRun: boolean): boolean {
  return tally.failed === 0 && !(allMustRun && tally.skipped > 0);
}

/** Whether nothing was run at all. */
export function isEmpty({ passed, failed, skipped }: Tally): boolean {
  return passed + failed + skipped === 0;
}
