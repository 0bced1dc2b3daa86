import { setTimeout as wait } from "node:timers/promises";
import type { ComponentName } from "../lock.js";
import { beganAt } from "./began.js";
import { type RunningProcess, readRunning, writeRunning } from "./process-state.js";

/** A process that does not end within this time is killed, in ms. */
const endMsMax = 30_000;
const endPollMs = 50;

/** Ends what was started of a component, by its processes' ids; resolves with what it ended. */
export async function stop(name: ComponentName): Promise<RunningProcess[]> {
  const running = readRunning(name);
  await Promise.all(running.map(end));
  writeRunning(name, []);
  return running;
}

async function end(process: RunningProcess): Promise<void> {
  const isThere = () => beganAt(process.pid) === process.began;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (isThere()) globalThis.process.kill(process.pid, signal);
    for (let ms = 0; isThere() && ms < endMsMax; ms += endPollMs) await wait(endPollMs);
  }
}
