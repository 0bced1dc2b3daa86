import { z } from "zod";
import { readSigningKey } from "../../lib/auth/ticket-keys.js";
import { readConfig, readTogether } from "../../lib/config/config.js";
import { nameList } from "../../lib/config/values.js";
import { callerRates, userConnectsRate } from "../../lib/rate-limit/config.js";
import {
  adminAddressesVariable,
  drainVariable,
  listenVariable,
  programVariables,
  regionVariable,
  ticketKeyVariable,
} from "../../lib/service/config.js";
import { readIdentity } from "../../lib/tls/identity.js";

/** Configuration of the web service. */
export const webConfigSchema = z.object({
  address: listenVariable("HTTP", "127.0.0.1:8080"),
  adminAddresses: adminAddressesVariable,
  hosts: nameList()
    .default([])
    .describe("Names, besides those of loopback, under which clients may ask, separated by commas."),
  region: regionVariable("Region whose gateways clients are sent to; any if empty."),
  ticketKey: ticketKeyVariable,
  drainMs: drainVariable(
    2000,
    "How long calls are still answered after /health/ready has said 503 at the end, in ms.",
  ),
  rateLimits: z.object({ ...callerRates, userConnects: userConnectsRate }),
  ...programVariables(9105),
});

/** @throws ConfigError with all faults at once */
export async function readWebConfig() {
  const config = readConfig(webConfigSchema, process.env);
  const [identity, signingKey] = await readTogether(readIdentity(config), readSigningKey(config.ticketKey));
  return { ...config, identity, signingKey };
}

/** What a web service is told at its start. */
export type WebConfig = Awaited<ReturnType<typeof readWebConfig>>;
