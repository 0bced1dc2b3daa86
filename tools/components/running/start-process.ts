import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Launch } from "../servers/launch.js";
import { beganAt } from "./began.js";
import { isAlive, type RunningProcess } from "./process-records.js";
import { spawnFree } from "./spawn-free.js";

const readyMsMax = 180_000;
const readyPollMs = 100;
/** Of a log, so much is shown where its process did not come up, in characters. */
const logTailMax = 2_000;

interface StartProcess {
  /** File that gets what it says, anew. */
  readonly log: string;
  /** Told of the process before it serves, so that it can be ended whatever comes then. */
  readonly begun: (process: RunningProcess) => void;
  /** Its whole environment, but for what the launch adds; this process' own unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Aborts where nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a process that outlives this one; resolves once it serves.
 * @throws Error with the end of its log if it ends or is not ready in time
 */
export async function startProcess(launch: Launch, options: StartProcess): Promise<void> {
  const { name, addresses } = launch;
  if ((await launch.whyNotReady()) === undefined) {
    throw new Error(`something else serves already at ${Object.values(addresses).join(", ")}`);
  }
  options.signal?.throwIfAborted();
  mkdirSync(dirname(options.log), { recursive: true });
  const output = openSync(options.log, "w");
  const env = { ...(options.env ?? process.env), ...launch.env };
  const pid = await spawnFree(launch, env, output).finally(() => closeSync(output));
  const started = { name, pid, began: beganAt(pid) ?? "", addresses };
  options.begun(started);
  await untilReady(launch, started, options);
}

async function untilReady(
  launch: Launch,
  started: RunningProcess,
  { log, signal }: StartProcess,
): Promise<void> {
  const until = performance.now() + readyMsMax;
  for (;;) {
    const reason = await launch.whyNotReady();
    if (!isAlive(started)) throw new Error(`${launch.name} ended at once\n${tailOf(log)}`);
    if (reason === undefined) return;
    if (performance.now() > until) {
      throw new Error(`${launch.name} is not ready in time: ${reason}\n${tailOf(log)}`);
    }
    await wait(readyPollMs, undefined, { signal });
  }
}

/** The last words of a log. */
export function tailOf(log: string): string {
  return readFileSync(log, "utf8").slice(-logTailMax).trim();
}
