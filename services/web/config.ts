import { z } from "zod";
import { addressText, nameList } from "../../lib/config/values.js";
import { callerRates, userConnectsRate } from "../../lib/rate-limit/config.js";

/** Configuration of the web service. */
export const webConfigSchema = z.object({
  address: addressText().default("127.0.0.1:8080").describe("Where to listen for HTTP, as host:port."),
  hosts: nameList()
    .default([])
    .describe("Names, besides those of loopback, under which clients may ask, separated by commas."),
  rateLimits: z.object({ ...callerRates, userConnects: userConnectsRate }),
  region: z.string().default("").describe("Region whose gateways clients are sent to; any if empty."),
});
