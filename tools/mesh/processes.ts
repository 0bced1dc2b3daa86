import { end, kill, tell } from "../components/running/end.js";
import {
  isAlive,
  type RunningProcess,
  readRecords,
  writeRecords,
} from "../components/running/process-records.js";
import { startProcess } from "../components/running/start-process.js";
import type { Launch } from "../components/servers/launch.js";
import { endingOrder } from "./ending-order.js";
import type { MeshFolder } from "./mesh-folder.js";
import { withoutVariables } from "./settings.js";

/** The processes of a folder's mesh, kept on record so that whoever comes next can find and end them. */
export class Processes {
  constructor(private readonly folder: MeshFolder) {}

  /** All that were started and not ended on purpose, dead ones too. */
  all(): RunningProcess[] {
    return readRecords(this.folder.records);
  }

  alive(): RunningProcess[] {
    return this.all().filter(isAlive);
  }

  /** @throws Error naming all there are if there is none of this name */
  named(name: string): RunningProcess {
    const all = this.all();
    const found = all.find((one) => one.name === name);
    if (found) return found;
    const known = all.map((one) => one.name).join(", ");
    throw new Error(
      known ? `the mesh has no process ${name}; it has ${known}` : "no mesh runs in this folder",
    );
  }

  /** Starts a process in the place of one of the same name that is no more; resolves once it serves. */
  async begin(launch: Launch, signal?: AbortSignal): Promise<void> {
    await startProcess(launch, {
      log: this.folder.log(launch.name),
      env: withoutVariables(process.env),
      begun: (started) => this.#write([...this.#without(launch.name), started]),
      ...(signal && { signal }),
    });
  }

  /** Ends one in order; it stays on record, as one that is missed. */
  async end(name: string): Promise<void> {
    await end(this.named(name));
  }

  /** Ends one in the middle of whatever it does; it stays on record, as one that is missed. */
  async kill(name: string): Promise<void> {
    await kill(this.named(name));
  }

  /** Stops one from doing anything, its connections left open, until `resume`. */
  pause(name: string): void {
    tell(this.named(name), "SIGSTOP");
  }

  resume(name: string): void {
    tell(this.named(name), "SIGCONT");
  }

  /** Ends all in an order in which those that need others end before them. */
  async endAll(ending: (names: readonly string[]) => void): Promise<void> {
    for (const group of endingOrder(this.all())) {
      ending(group.map(({ name }) => name));
      await Promise.all(group.map(end));
      const ended = new Set(group.map(({ name }) => name));
      this.#write(this.all().filter(({ name }) => !ended.has(name)));
    }
  }

  /** Ends all at once and at any price; for a process that is about to end itself. */
  killNow(): void {
    for (const one of this.alive()) tell(one, "SIGKILL");
    this.#write([]);
  }

  #without(name: string): RunningProcess[] {
    return this.all().filter((one) => one.name !== name);
  }

  #write(records: readonly RunningProcess[]): void {
    writeRecords(this.folder.records, records);
  }
}
