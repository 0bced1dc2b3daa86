/** What became of one post: when it was first sent and when it was acknowledged, in ms of one clock. */
export interface Acked {
  readonly channelId: string;
  readonly sentMs: number;
  readonly ackedMs: number;
}

/**
 * For how long posts waited after something happened: the longest time, over all channels, from that moment
 * to the first acknowledgement of a post that was sent after it, or had no answer then. 0 if nothing was
 * posted.
 */
export function recoveryMs(acked: readonly Acked[], happenedMs: number): number {
  const first = new Map<string, number>();
  for (const { channelId, sentMs, ackedMs } of acked) {
    if (ackedMs < happenedMs) continue;
    // Of a post that was sent later the waiting began when it was sent.
    const waited = ackedMs - Math.max(happenedMs, sentMs);
    if (sentMs < happenedMs + quietMs) first.set(channelId, Math.max(first.get(channelId) ?? 0, waited));
  }
  return Math.round(Math.max(0, ...first.values()));
}

/** Posts that were sent later than this after it say nothing of it. */
const quietMs = 10_000;
