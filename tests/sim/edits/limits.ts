import { type Edit, setLimit } from "./edit.js";

/** Fewer slots than in production: nothing depends on how many there are but the time that a run takes. */
export const fewSlots: readonly Edit[] = [setLimit("lib/ring/slot.ts", "slotCount", "4096", 32)];

/** Limits so low that short runs meet them: several buckets, gaps, evictions, queues that are full. */
export const lowLimits: readonly Edit[] = [
  setLimit("lib/limits/limits.ts", "catchUpEventsMax", "1000", 30),
  setLimit("services/channel/activation.ts", "readRowsMax", "1024", 24),
  setLimit("services/channel/core/bucket-choice.ts", "bucketRowsMax", "10_000", 20),
  setLimit("services/channel/core/command-queue.ts", "waitingCommandsMax", "8192", 30),
  setLimit("services/channel/core/dedupe-window.ts", "dedupeKeysMax", "100_000", 16),
  setLimit("services/channel/core/gateway-wishes.ts", "fetchedEventsMax", "256", 6),
  setLimit("services/channel/core/projector.ts", "unprojectedEventsMax", "1000", 12),
  setLimit("services/channel/core/recent.ts", "recentEventsMax", "512", 16),
  setLimit("services/channel/core/tail.ts", "appendRowsMax", "256", 6),
  setLimit("services/gateway/core/catch-up.ts", "fetchEventsMax", "256", 6),
  setLimit("services/gateway/core/feed-ring.ts", "ringEventsMax", "256", 10),
  setLimit("services/gateway/core/feed.ts", "heldEventsMax", "1024", 5),
  setLimit("services/gateway/core/feeds.ts", "idleMsMax", "60_000", 2000),
];
