import { setTimeout as wait } from "node:timers/promises";
import { isAlive, type RunningProcess } from "./process-records.js";

/** A process that does not end within this time is killed, in ms. */
const endMsMax = 30_000;
const endPollMs = 50;

/** Ends a process by its id, if it is still the one that was started; resolves once it is gone. */
export async function end(process: RunningProcess): Promise<void> {
  // One that was paused hears of its end only when it goes on.
  tell(process, "SIGCONT");
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    tell(process, signal);
    await untilGone(process, endMsMax);
  }
}

/** Ends a process in the middle of whatever it does; resolves once it is gone. */
export async function kill(process: RunningProcess): Promise<void> {
  tell(process, "SIGKILL");
  await untilGone(process, endMsMax);
}

/** Sends a signal to the process, unless it is gone; another one with its id gets none. */
export function tell(record: RunningProcess, signal: NodeJS.Signals): void {
  if (!isAlive(record)) return;
  try {
    process.kill(record.pid, signal);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function untilGone(process: RunningProcess, msMax: number): Promise<void> {
  for (let ms = 0; isAlive(process) && ms < msMax; ms += endPollMs) await wait(endPollMs);
}
