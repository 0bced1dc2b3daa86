import { type Edit, setLimit } from "./edit.js";

/**
 * Fewer slots than in production, and signs of life that are asked for less often, though as often as their
 * absence shows: nothing depends on how many there are but the time that a run takes.
 */
export const fewSlots: readonly Edit[] = [
  setLimit("lib/ring/slot.ts", "slotCount", 32),
  setLimit("services/charm/core/vigil.ts", "beatMs", 400),
];

/** Limits so low that short runs meet them: several buckets, gaps, evictions, queues that are full. */
export const lowLimits: readonly Edit[] = [
  setLimit("lib/limits/limits.ts", "activeChannelsMaxDefault", 2),
  setLimit("lib/limits/limits.ts", "channelIdleMsDefault", 1500),
  setLimit("lib/limits/limits.ts", "catchUpEventsMax", 30),
  setLimit("lib/limits/limits.ts", "pageBytesMax", 800),
  setLimit("services/channel/activation.ts", "readRowsMax", 24),
  setLimit("services/channel/core/bucket-choice.ts", "bucketRowsMax", 20),
  setLimit("services/channel/core/command-queue.ts", "waitingCommandsMax", 30),
  setLimit("services/channel/core/dedupe-window.ts", "dedupeKeysMax", 16),
  setLimit("services/channel/core/gateway-wishes.ts", "fetchedEventsMax", 6),
  setLimit("services/channel/core/projector.ts", "unprojectedEventsMax", 12),
  setLimit("services/channel/core/quiet-channels.ts", "quietMs", 500),
  setLimit("services/channel/core/recent.ts", "recentEventsMax", 16),
  setLimit("services/channel/core/tail.ts", "appendRowsMax", 6),
  setLimit("services/channel/read-range.ts", "readRowsMax", 24),
  setLimit("services/channel/core/notices.ts", "noticesKeptMax", 3),
  setLimit("services/channel/core/teller.ts", "untoldChangesMax", 2),
  setLimit("services/gateway/core/catch-up.ts", "fetchEventsMax", 6),
  setLimit("services/gateway/core/feed-ring.ts", "ringEventsMax", 10),
  setLimit("services/gateway/core/feed.ts", "heldEventsMax", 5),
  setLimit("services/gateway/core/feeds.ts", "idleMsMax", 2000),
];

/** Limits of runs of owners in a row: appends and buckets of a few rows, and little to read at a time. */
export const duelLimits: readonly Edit[] = [
  setLimit("lib/limits/limits.ts", "activeChannelsMaxDefault", 2),
  setLimit("lib/limits/limits.ts", "channelIdleMsDefault", 400),
  setLimit("lib/limits/limits.ts", "pageBytesMax", 800),
  setLimit("services/channel/activation.ts", "readRowsMax", 12),
  setLimit("services/channel/core/bucket-choice.ts", "bucketRowsMax", 9),
  setLimit("services/channel/core/dedupe-window.ts", "dedupeKeysMax", 8),
  setLimit("services/channel/core/projector.ts", "unprojectedEventsMax", 12),
  setLimit("services/channel/core/quiet-channels.ts", "quietMs", 100),
  setLimit("services/channel/core/recent.ts", "recentEventsMax", 4),
  setLimit("services/channel/core/tail.ts", "appendRowsMax", 4),
  setLimit("services/channel/read-range.ts", "readRowsMax", 12),
];
