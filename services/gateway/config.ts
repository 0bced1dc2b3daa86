import { z } from "zod";
import { socketRates, userConnectsRate } from "../../lib/rate-limit/config.js";

/** Configuration of a gateway. */
export const gatewayConfigSchema = z.object({
  rateLimits: z.object({ ...socketRates, userConnects: userConnectsRate }),
});
