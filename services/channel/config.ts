import { z } from "zod";
import { channelRate } from "../../lib/rate-limit/config.js";

/** Configuration of a channel server. */
export const channelConfigSchema = z.object({
  rateLimits: z.object({ channel: channelRate }),
});
