import type { ComponentName } from "../lock.js";
import { end } from "./end.js";
import type { RunningProcess } from "./process-records.js";
import { alone, readRunning, writeRunning } from "./process-state.js";

/** Ends what was started of a component, by its processes' ids; resolves with what it ended. */
export function stop(name: ComponentName): Promise<RunningProcess[]> {
  return alone(name, async () => {
    const running = readRunning(name);
    await Promise.all(running.map(end));
    writeRunning(name, readRunning(name));
    return running;
  });
}
