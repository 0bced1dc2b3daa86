import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { ConfigError, readConfig } from "../../lib/config/config.js";
import { type CoordinatorConfig, coordinatorVariables } from "../../lib/coordination/config.js";
import { isToken, tokenRule } from "./login/token.js";

/** What variables tell the tool; flags of the same name come first. */
export const cliConfigSchema = z.object({
  data: z
    .string()
    .optional()
    .describe("Data folder of the server to talk to; else the one of `./confab login`, else `~/.confab`."),
  token: z
    .string()
    .trim()
    .refine(isToken, tokenRule)
    .optional()
    .describe("Token to act with, in place of the one that belongs to the server."),
});

/** What the tool is told by its environment. */
export type CliConfig = z.output<typeof cliConfigSchema> & {
  /** Folder of the tool's own files. */
  readonly folder: string;
};

/**
 * Reads the variables, and where the user's configuration is (XDG Base Directory Specification).
 *
 * @throws ConfigError with all faults at once
 */
export function readCliConfig(): CliConfig {
  const { XDG_CONFIG_HOME: home = "" } = process.env;
  // The specification has relative paths ignored.
  const folder = join(isAbsolute(home) ? home : join(homedir(), ".config"), "confab");
  return { ...readConfig(cliConfigSchema, process.env), folder };
}

/**
 * Reads which etcd coordinates the mesh: the one that a flag names, or the variables.
 *
 * @throws ConfigError with all faults at once, or if no etcd is named
 */
export function readCoordinatorConfig(endpoints: string | undefined): CoordinatorConfig {
  const named = endpoints === undefined ? {} : { CONFAB_ETCD_ENDPOINTS: endpoints };
  const environment = { ...process.env, ...named };
  const config = readConfig(z.object(coordinatorVariables), environment);
  if (config.coordinator === "etcd" || environment.CONFAB_ETCD_ENDPOINTS) {
    return { ...config, coordinator: "etcd" };
  }
  const rule = "name the etcd of the mesh by --etcd or CONFAB_ETCD_ENDPOINTS";
  const why = "a server that is coordinated in memory has no ring that others could look at or change";
  throw new ConfigError([`${rule}: ${why}`]);
}
