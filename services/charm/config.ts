import { z } from "zod";
import { readConfig } from "../../lib/config/config.js";
import { memberIdVariable, programVariables } from "../../lib/service/config.js";
import { readIdentity } from "../../lib/tls/identity.js";

/** Configuration of the ring manager. */
export const charmConfigSchema = z.object({
  memberId: memberIdVariable,
  ...programVariables(9101),
});

/** @throws ConfigError with all faults at once */
export async function readCharmConfig() {
  const config = readConfig(charmConfigSchema, process.env);
  return { ...config, identity: await readIdentity(config) };
}

/** What a ring manager is told at its start. */
export type CharmConfig = Awaited<ReturnType<typeof readCharmConfig>>;
