import { spawnSync } from "node:child_process";

/** When a process began, as its system tells, or undefined if there is none with this id. */
export function beganAt(pid: number): string | undefined {
  const { stdout, error } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  if (error) throw error;
  return stdout.trim() || undefined;
}
