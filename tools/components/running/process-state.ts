import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { ComponentName } from "../lock.js";
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
  writeFileSync(stateFile(name), `${JSON.stringify(running, undefined, 2)}\n`);
}

function stateFile(name: ComponentName): string {
  return join(runFolder(name), "running.json");
}
