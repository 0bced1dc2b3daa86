import { setTimeout as wait } from "node:timers/promises";
import { beganAt } from "./began.js";
import type { RunningProcess } from "./process-state.js";

/** A process that does not end within this time is killed, in ms. */
const endMsMax = 30_000;
const endPollMs = 50;

/** Ends a process by its id, if it is still the one that was started; resolves once it is gone. */
export async function end({ pid, began }: RunningProcess): Promise<void> {
  const isThere = () => beganAt(pid) === began;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (isThere()) process.kill(pid, signal);
    for (let ms = 0; isThere() && ms < endMsMax; ms += endPollMs) await wait(endPollMs);
  }
}
