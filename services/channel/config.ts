import { z } from "zod";
import { activeChannelsMaxDefault, channelIdleMsDefault } from "../../lib/limits/limits.js";
import { channelRate } from "../../lib/rate-limit/config.js";

/** Largest values that can be set. A `Map` ends at 2^24 entries. */
const activeChannelsLimit = 10_000_000;
const idleMsLimit = 86_400_000;

/** Which channels a channel server keeps in memory. */
export const activeChannelsConfig = z.object({
  max: z.coerce
    .number()
    .int()
    .min(1)
    .max(activeChannelsLimit)
    .default(activeChannelsMaxDefault)
    .describe("Channels in memory, those at work aside; beyond, the least recently used ones are evicted."),
  idleMs: z.coerce
    .number()
    .int()
    .min(1000)
    .max(idleMsLimit)
    .default(channelIdleMsDefault)
    .describe("How long a channel stays in memory after its last use, in ms."),
});

/** Configuration of a channel server. */
export const channelConfigSchema = z.object({
  activeChannels: activeChannelsConfig,
  rateLimits: z.object({ channel: channelRate }),
});
