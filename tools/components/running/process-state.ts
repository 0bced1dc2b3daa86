import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { ComponentName } from "../lock.js";
import { withLock } from "../with-lock.js";
import { beganAt } from "./began.js";

const processSchema = z.object({
  name: z.string(),
  pid: z.number(),
  /** When the process began, as its system tells: another process with this id is not it. */
  began: z.string(),
  addresses: z.record(z.string(), z.string()),
});

/** A process that `start` left running. */
export type RunningProcess = z.infer<typeof processSchema>;

const stateSchema = z.array(processSchema);

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
  const file = stateFile(name);
  if (!existsSync(file)) return [];
  const state = stateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return state.filter(({ pid, began }) => beganAt(pid) === began);
}

export function writeRunning(name: ComponentName, running: readonly RunningProcess[]): void {
  mkdirSync(runFolder(name), { recursive: true });
  if (running.length === 0) return rmSync(stateFile(name), { force: true });
  const beside = `${stateFile(name)}.new`;
  writeFileSync(beside, `${JSON.stringify(running, undefined, 2)}\n`);
  renameSync(beside, stateFile(name));
}

function stateFile(name: ComponentName): string {
  return join(runFolder(name), "running.json");
}
