import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const bootFile = "/proc/sys/kernel/random/boot_id";

/**
 * When a process began, in whatever way its system tells it, the same for everybody who asks; undefined if
 * there is none with this id. So a process is told from another one that gets its id later.
 */
export function beganAt(pid: number): string | undefined {
  return existsSync(bootFile) ? fromProc(pid) : fromPs(pid);
}

/** Field 22 of proc(5)'s stat: clock ticks since the system was booted. */
function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : `${readFileSync(bootFile, "utf8").trim()} ${rest[18]}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const { stdout, error } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env });
  if (error) throw error;
  return stdout.trim() || undefined;
}
