import { cpus } from "node:os";
import { processUs } from "./process-cpu.js";

/** Processes of a system, by what they do. */
export type Processes = ReadonlyMap<string, readonly number[]>;

/** What processes spend between two moments. */
export class BusyMeter {
  readonly #before = new Map<number, number>();
  readonly #began = performance.now();
  readonly #machineBefore = machineMs();

  constructor(private readonly processes: Processes) {
    for (const pid of [...processes.values()].flat()) this.#before.set(pid, processUs(pid));
  }

  /**
   * CPU time of all of them, in µs, and how busy each kind was as shares of one core: `channelBusy`. Of what
   * the machine was in all (`machineBusy`) others had the rest.
   */
  read(): { readonly cpuUs: number; readonly busy: Readonly<Record<string, number>> } {
    const us = (performance.now() - this.#began) * 1000;
    const spent = [...this.processes].map(([kind, pids]) => {
      const each = pids.map((pid) => processUs(pid) - this.#before.get(pid)!);
      return [kind, each.reduce((sum, one) => sum + one, 0)] as const;
    });
    return {
      cpuUs: spent.reduce((sum, [, one]) => sum + one, 0),
      busy: {
        ...Object.fromEntries(spent.map(([kind, one]) => [`${kind}Busy`, one / us])),
        machineBusy: ((machineMs() - this.#machineBefore) * 1000) / us,
      },
    };
  }
}

/** What all cores have spent on anything, in ms. */
function machineMs(): number {
  const busy = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return busy.reduce((sum, one) => sum + one, 0);
}
