import { z } from "zod";
import { readConfig } from "../../lib/config/config.js";
import { addressText } from "../../lib/config/values.js";
import { activeChannelsMaxDefault, channelIdleMsDefault } from "../../lib/limits/limits.js";
import { channelRate } from "../../lib/rate-limit/config.js";
import { listenVariable, memberIdVariable, programVariables } from "../../lib/service/config.js";
import { readIdentity } from "../../lib/tls/identity.js";

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
  memberId: memberIdVariable,
  address: listenVariable("gateways and admins", "127.0.0.1:50052"),
  advertisedAddress: addressText()
    .optional()
    .describe("Where gateways and admins reach it, if that is not where it listens, as host:port."),
  activeChannels: activeChannelsConfig,
  rateLimits: z.object({ channel: channelRate }),
  ...programVariables(9102),
});

/** @throws ConfigError with all faults at once */
export async function readChannelConfig() {
  const config = readConfig(channelConfigSchema, process.env);
  return { ...config, identity: await readIdentity(config) };
}

/** What a channel server is told at its start. */
export type ChannelConfig = Awaited<ReturnType<typeof readChannelConfig>>;
