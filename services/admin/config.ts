import { z } from "zod";
import { addressText } from "../../lib/config/values.js";
import { callerRates, userConnectsRate } from "../../lib/rate-limit/config.js";

/** Configuration of the admin service. */
export const adminConfigSchema = z.object({
  address: addressText().default("127.0.0.1:50051").describe("Where to listen for gRPC, as host:port."),
  rateLimits: z.object({ ...callerRates, userConnects: userConnectsRate }),
});
