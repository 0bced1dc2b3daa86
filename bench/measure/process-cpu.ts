import { readdirSync, readFileSync } from "node:fs";

/** Ticks of a second in which Linux tells processes their time, whatever its own timer does. */
const ticksPerSecond = 100;
const usPerTick = 1_000_000 / ticksPerSecond;

/** What a process has spent, in µs: all of it, and by its first thread, which runs the event loop. */
export interface CpuUs {
  readonly all: number;
  readonly loop: number;
}

/** User and system time of a process by the kernel's own accounting, in steps of 10 ms or finer. */
export function cpuOf(pid: number): CpuUs {
  const loop = schedulerUs(`/proc/${pid}/task/${pid}`);
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  const all = threads.reduce((sum, thread) => sum + schedulerUs(thread), 0);
  return { all, loop };
}

/**
 * What a process has spent in all, in µs, in steps of 10 ms. Unlike the sum over its threads it has those
 * that have ended, of which a Java program has many.
 */
export function processUs(pid: number): number {
  return parseStatUs(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** The scheduler's account has nanoseconds; where it is not kept, that in ticks is taken. */
function schedulerUs(thread: string): number {
  try {
    const ns = Number(readFileSync(`${thread}/schedstat`, "utf8").split(" ")[0]);
    if (ns > 0) return ns / 1000;
  } catch {
    // Not kept by this kernel, or the thread has just ended.
  }
  try {
    return parseStatUs(readFileSync(`${thread}/stat`, "utf8"));
  } catch {
    return 0;
  }
}

/** User and system time, in µs, of a line of `/proc/PID/stat`. The name may hold blanks and brackets. */
export function parseStatUs(line: string): number {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * usPerTick;
}

export function cpuBetween(before: CpuUs, after: CpuUs): CpuUs {
  return { all: after.all - before.all, loop: after.loop - before.loop };
}
