/** What became of one post: when it was first sent and when it was acknowledged, in ms of one clock. */
export interface Acked {
  readonly sentMs: number;
  readonly ackedMs: number;
}

/** Posts that were sent later than this after something happened say nothing of it, in ms. */
const quietMs = 10_000;

/**
 * For how long posts waited after something happened, in ms: the longest wait of one that was sent after it
 * or had no answer then. What it had waited before does not count. 0 if nothing was posted.
 */
export function recoveryMs(acked: readonly Acked[], happenedMs: number): number {
  let longest = 0;
  for (const { sentMs, ackedMs } of acked) {
    if (sentMs < happenedMs + quietMs) longest = Math.max(longest, ackedMs - Math.max(happenedMs, sentMs));
  }
  return Math.round(longest);
}
