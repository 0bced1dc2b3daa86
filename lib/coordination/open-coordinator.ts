import { readFile } from "node:fs/promises";
import type { Clock } from "../clock/clock.js";
import { ConfigError } from "../config/config.js";
import { ConfabError } from "../errors/errors.js";
import type { Log } from "../log/log.js";
import type { CoordinatorConfig } from "./config.js";
import type { Coordinator } from "./coordinator.js";
import type { EtcdTarget } from "./etcd/options.js";
import { MemoryCoordinator } from "./memory-coordinator.js";

/** What every coordinator is made of. */
interface OpenParts {
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Opens the coordinator that the configuration names, once it answers.
 *
 * @throws ConfigError if files of certificates cannot be read
 * @throws ConfabError with the reason if etcd does not answer or refuses us
 */
export async function openCoordinator(config: CoordinatorConfig, parts: OpenParts): Promise<Coordinator> {
  if (config.coordinator === "memory") return new MemoryCoordinator(parts.clock);
  const target = await readTarget(config.etcd);
  // Not everybody's start has to wait for the client of etcd to be loaded.
  const { EtcdCoordinator } = await import("./etcd/etcd-coordinator.js");
  const coordinator = new EtcdCoordinator(target, parts);
  try {
    await coordinator.read("epoch");
    return coordinator;
  } catch (error) {
    await coordinator.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfabError("unavailable", "", `cannot use etcd at ${target.endpoints.join(", ")}: ${why}`);
  }
}

async function readTarget(config: CoordinatorConfig["etcd"]): Promise<EtcdTarget> {
  const { endpoints, prefix, user: name, password } = config;
  const files = ["ca", "certificate", "key"] as const;
  const faults: string[] = [];
  const [ca, certificate, key] = await Promise.all(
    files.map(async (file) => {
      if (config[file] === "") return undefined;
      return readFile(config[file]).catch((error: NodeJS.ErrnoException) => {
        faults.push(`CONFAB_ETCD_${file.toUpperCase()}: cannot be read (${error.code})`);
        return undefined;
      });
    }),
  );
  if (faults.length > 0) throw new ConfigError(faults.sort());
  const tls = ca && { ca, ...(key && certificate && { key, certificate }) };
  return { endpoints, prefix, tls, user: name === "" ? undefined : { name, password } };
}
