import { z } from "zod";
import { readSigningKey } from "../../lib/auth/ticket-keys.js";
import { readConfig, readTogether } from "../../lib/config/config.js";
import { callerRates, userConnectsRate } from "../../lib/rate-limit/config.js";
import {
  drainVariable,
  listenVariable,
  programVariables,
  ticketKeyVariable,
} from "../../lib/service/config.js";
import { readIdentity } from "../../lib/tls/identity.js";

/** Configuration of the admin service. */
export const adminConfigSchema = z.object({
  address: listenVariable("gRPC", "127.0.0.1:50051"),
  ticketKey: ticketKeyVariable,
  drainMs: drainVariable(
    2000,
    "How long calls are still answered after health has said NOT_SERVING at the end, in ms.",
  ),
  rateLimits: z.object({ ...callerRates, userConnects: userConnectsRate }),
  ...programVariables(9104),
});

/** @throws ConfigError with all faults at once */
export async function readAdminConfig() {
  const config = readConfig(adminConfigSchema, process.env);
  const [identity, signingKey] = await readTogether(readIdentity(config), readSigningKey(config.ticketKey));
  return { ...config, identity, signingKey };
}

/** What an admin is told at its start. */
export type AdminConfig = Awaited<ReturnType<typeof readAdminConfig>>;
