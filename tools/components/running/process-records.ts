import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { beganAt } from "./began.js";

const processSchema = z.object({
  name: z.string(),
  pid: z.number(),
  /** When the process began, as its system tells: another process with this id is not it. */
  began: z.string(),
  addresses: z.record(z.string(), z.string()),
});

/** A process that was started and left running. */
export type RunningProcess = z.infer<typeof processSchema>;

const recordsSchema = z.array(processSchema);

/** Whether it is still there. */
export function isAlive({ pid, began }: Pick<RunningProcess, "pid" | "began">): boolean {
  return beganAt(pid) === began;
}

/** What a file says was started, whether or not it still runs. */
export function readRecords(file: string): RunningProcess[] {
  return existsSync(file) ? recordsSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : [];
}

/** Puts the records in place of those of before; without any there is no file. */
export function writeRecords(file: string, records: readonly RunningProcess[]): void {
  if (records.length === 0) return rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.new`;
  writeFileSync(beside, `${JSON.stringify(records, undefined, 2)}\n`);
  renameSync(beside, file);
}
