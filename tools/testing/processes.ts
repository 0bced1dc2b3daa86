import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Marks every process that a run starts, its children's children too. */
export const runVariable = "TEST_RUN_MARK";

/**
 * Processes that a run started and that still run: descendants of this process and, where /proc shows the
 * environment of processes, those that carry the run's mark although their parents are gone.
 */
export function leftovers(mark: string): Process[] {
  const all = existsSync("/proc/self/stat") ? fromProc() : fromPs();
  const mine = new Set([process.pid]);
  for (let size = 0; size !== mine.size; ) {
    size = mine.size;
    for (const { pid, parent } of all) if (mine.has(parent)) mine.add(pid);
  }
  return all.filter(({ pid }) => pid !== process.pid && (mine.has(pid) || isMarked(pid, mark)));
}

function fromProc(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = readOrEmpty(`/proc/${name}/stat`);
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (parent === undefined || state === "Z") return [];
    const command = readOrEmpty(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
    return [{ pid: Number(name), parent: Number(parent), command }];
  });
}

function fromPs(): Process[] {
  const done = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return done.stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined || Number(pid) === done.pid
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

function isMarked(pid: number, mark: string): boolean {
  return readOrEmpty(`/proc/${pid}/environ`).split("\0").includes(`${runVariable}=${mark}`);
}

/** A process may end, or belong to somebody else, while its files are read. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
