import { homedir } from "node:os";
import { join } from "node:path";
import type { ComponentName } from "../lock.js";
import { withLock } from "../with-lock.js";
import { isAlive, type RunningProcess, readRecords, writeRecords } from "./process-records.js";

/** Where a component that was started keeps its data, its log and who it is. */
export function runFolder(name: ComponentName): string {
  const data = process.env.XDG_DATA_HOME || join(homedir(), ".local", "share");
  return join(data, "confab", "components", name);
}

/** Starts, ends or removes a component while nobody else does. */
export function alone<Result>(name: ComponentName, work: () => Promise<Result> | Result): Promise<Result> {
  return withLock(`${runFolder(name)}.lock`, () => {}, work);
}

/** Processes of a component that were started and are still there. */
export function readRunning(name: ComponentName): RunningProcess[] {
  return readRecords(stateFile(name)).filter(isAlive);
}

export function writeRunning(name: ComponentName, running: readonly RunningProcess[]): void {
  writeRecords(stateFile(name), running);
}

function stateFile(name: ComponentName): string {
  return join(runFolder(name), "running.json");
}
