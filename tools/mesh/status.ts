/** A process of a mesh, as it is. */
export interface ProcessStatus {
  readonly name: string;
  readonly pid: number;
  readonly alive: boolean;
  /** File with what it says. */
  readonly log: string;
  /** Where it listens, by what for. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Whether all is as it was started; a mesh that does not run is not. */
export function isWhole(processes: readonly ProcessStatus[]): boolean {
  return processes.length > 0 && processes.every(({ alive }) => alive);
}

/** A line for each process, in columns. */
export function formatStatus(processes: readonly ProcessStatus[]): string {
  if (processes.length === 0) return "no mesh runs in this folder";
  const width = Math.max(...processes.map(({ name }) => name.length));
  return processes
    .map(({ name, pid, alive, addresses }) => {
      const where = Object.entries(addresses).map(([what, address]) => `${address} (${what})`);
      const state = alive ? "runs" : "DEAD";
      return `${name.padEnd(width)}  ${state}  ${String(pid).padStart(7)}  ${where.join(", ")}`.trimEnd();
    })
    .join("\n");
}
