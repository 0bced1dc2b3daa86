import { createHash } from "node:crypto";
import { type Clock, sleep } from "../../lib/clock/clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { LastingRegistration } from "../../lib/coordination/lasting-registration.js";
import { leaseTtlMs } from "../../lib/coordination/lease-times.js";
import { Occupied } from "../../lib/coordination/registration.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Log } from "../../lib/log/log.js";

/** Key that the one server of a prefix holds. */
export const tenureKey = "local";
/** Wait before the key is looked at again, in ms. */
const againMs = 250;
/** Longest wait for the lease of a server that is gone, in ms: its time, and a little for etcd to notice. */
const waitMsMax = leaseTtlMs + 1000;

/** Which server holds the key. */
export interface LocalLife {
  /** Id of its data folder. */
  readonly folder: string;
  readonly host: string;
  readonly pid: number;
}

/** What a tenure is made of. */
export interface TenureParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly coordinator: Coordinator;
  /** Named to whoever comes second. */
  readonly prefix: string;
  readonly life: LocalLife;
  /** Whether a process of this machine runs. */
  readonly isRunning?: (pid: number) => boolean;
}

/**
 * Sees to it that one server at a time runs under a prefix: its services meet in memory, so those of two
 * would send clients to owners that they cannot reach. A former life of the same data folder that was killed
 * is replaced at once; for anybody else's key to go it waits for the time of a lease.
 */
export class Tenure {
  readonly #abort = new AbortController();
  #registration: LastingRegistration | undefined;

  constructor(private readonly parts: TenureParts) {}

  /** @throws ConfabError `name_taken` if another server lives under the prefix */
  async start(): Promise<void> {
    const { clock } = this.parts;
    const { signal } = this.#abort;
    const until = clock.now() + waitMsMax;
    while (!signal.aborted) {
      try {
        return await this.#register();
      } catch (error) {
        if (!(error instanceof Occupied)) throw error;
        if (clock.now() >= until) throw this.#refusal(error.value);
        await sleep(clock, againMs, signal);
      }
    }
    throw new ConfabError("unavailable", "", "the server was closed");
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#registration?.close();
  }

  async #register(): Promise<void> {
    const { clock, coordinator, log, life } = this.parts;
    const entry = { key: tenureKey, value: JSON.stringify(life) };
    const told = (state: string) => log.warn({ state }, "the server's hold of its prefix changed");
    const mayReplace = (value: string) => this.#isFormerLife(value);
    this.#registration = new LastingRegistration({ clock, coordinator, entry, mayReplace, told });
    await this.#registration.start();
  }

  /** Only a process of this machine can be known to have ended, and only its folder tells that it is ours. */
  #isFormerLife(value: string): boolean {
    const { life, isRunning = runs } = this.parts;
    const there = parseLife(value);
    if (there?.folder !== life.folder || there.host !== life.host) return false;
    return there.pid === life.pid || !isRunning(there.pid);
  }

  #refusal(value: string): ConfabError {
    const there = parseLife(value);
    const who = there ? `, process ${there.pid} on ${there.host},` : "";
    const rule = "each server needs a prefix of its own (CONFAB_ETCD_PREFIX)";
    const why = `another server${who} runs under the prefix ${this.parts.prefix} of etcd: ${rule}`;
    return new ConfabError("name_taken", "prefix", why);
  }
}

/** Id of the data folder that has this token; tells nothing of the token. */
export function folderIdOf(token: string): string {
  return createHash("sha256").update(`data folder of ${token}`).digest("hex").slice(0, 16);
}

function parseLife(value: string): LocalLife | undefined {
  try {
    const { folder, host, pid } = JSON.parse(value) as Partial<LocalLife>;
    const isLife = typeof folder === "string" && typeof host === "string" && Number.isInteger(pid);
    return isLife ? { folder, host, pid: pid! } : undefined;
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
