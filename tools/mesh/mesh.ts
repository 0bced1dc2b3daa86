import { existsSync } from "node:fs";
import { DataFolder } from "../../services/local/data-folder.js";
import { isAlive } from "../components/running/process-records.js";
import type { Launch } from "../components/servers/launch.js";
import { withLock } from "../components/with-lock.js";
import { drainEnvoy } from "./drain-envoy.js";
import { meshLaunches } from "./launches.js";
import type { MeshRequest } from "./make-settings.js";
import { MeshFolder } from "./mesh-folder.js";
import { Processes } from "./processes.js";
import { Progress } from "./progress.js";
import { readSettings } from "./settings.js";
import { announcementOf, type MeshReady, refuseSecond, startMesh } from "./start-mesh.js";
import type { ProcessStatus } from "./status.js";

/**
 * The mesh of a folder: every service as processes of its own behind Envoy, with its own etcd and Cassandra.
 * Whether it runs is written in the folder, so that every process may ask, change and end it.
 */
export class Mesh {
  readonly folder: MeshFolder;
  readonly #processes: Processes;

  /**
   * @param data folder that clients on this machine look into
   * @param say is told how far things are
   */
  constructor(
    data: string,
    private readonly say: (line: string) => void,
  ) {
    this.folder = new MeshFolder(data);
    this.#processes = new Processes(this.folder);
  }

  /**
   * Starts everything; resolves when a message can be posted and received. Nothing is left behind where it
   * fails, or the signal aborts.
   */
  start(request: MeshRequest, signal: AbortSignal): Promise<MeshReady> {
    const processes = this.#processes;
    return this.#alone(async () => {
      await refuseSecond(this.folder, processes);
      const progress = new Progress(this.say);
      progress.open();
      // Whatever ends this process meanwhile ends what it has begun.
      const killNow = () => processes.killNow();
      process.on("exit", killNow);
      try {
        return await startMesh({ folder: this.folder, processes, progress, signal }, request);
      } catch (error) {
        await processes.endAll(() => {});
        throw signal.aborted ? new Error("interrupted", { cause: error }) : error;
      } finally {
        process.off("exit", killNow);
        progress.close();
      }
    });
  }

  /** What was started, dead or alive; empty where no mesh runs. */
  status(): ProcessStatus[] {
    return this.#processes.all().map((one) => {
      const { name, pid, addresses } = one;
      return { name, pid, alive: isAlive(one), log: this.folder.log(name), addresses };
    });
  }

  /** Whether somebody starts or ends processes of the mesh just now. */
  get isChanging(): boolean {
    return existsSync(this.folder.lock);
  }

  /** Ends everything in order; resolves with the names of the processes that were on record. */
  stop(): Promise<string[]> {
    return this.#alone(async () => {
      const all = this.#processes.all();
      if (all.length === 0) return [];
      const front = all.find(({ name }) => name === "envoy");
      if (front && isAlive(front)) await drainEnvoy(front.addresses.administration!);
      await this.#processes.endAll((names) => this.say(`ending ${names.join(", ")}`));
      await new DataFolder(this.folder.data).forget();
      return all.map(({ name }) => name);
    });
  }

  /** Ends a process in the middle of whatever it does; resolves once it is gone. */
  kill(name: string): Promise<void> {
    return this.#processes.kill(name);
  }

  /** Stops a process from doing anything, its connections left open, until `resume`. */
  pause(name: string): void {
    this.#processes.pause(name);
  }

  resume(name: string): void {
    this.#processes.resume(name);
  }

  /** Starts a process that has ended again, with its own ports and data; resolves once it serves. */
  startAgain(name: string): Promise<void> {
    return this.#alone(async () => {
      if (isAlive(this.#processes.named(name))) throw new Error(`${name} runs already`);
      await this.#begin(name);
    });
  }

  /** Ends a process in order and starts it again. */
  restart(name: string): Promise<void> {
    return this.#alone(async () => {
      const launch = await this.#launchOf(name);
      await this.#processes.end(name);
      await this.#begin(name, launch);
    });
  }

  /** Ends everything at once; for a process that is about to end itself. */
  killNow(): void {
    this.#processes.killNow();
  }

  async #begin(name: string, launch?: Launch): Promise<void> {
    await this.#processes.begin(launch ?? (await this.#launchOf(name)));
    if (name !== "envoy") return;
    // Clients take the mesh to be gone with the process that it was announced by.
    const settings = readSettings(this.folder.settings)!;
    const { pid } = this.#processes.named(name);
    await new DataFolder(this.folder.data).announce(announcementOf(settings, this.folder), pid);
  }

  async #launchOf(name: string): Promise<Launch> {
    this.#processes.named(name);
    const settings = readSettings(this.folder.settings);
    if (!settings) throw new Error(`${this.folder.settings} is gone: the mesh has to be started anew`);
    const { components, services, envoy } = await meshLaunches(settings, this.folder);
    return [...components, ...services, envoy].find((launch) => launch.name === name)!;
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const waiting = (pid: number) => this.say(`waiting for process ${pid}, which starts or ends this mesh`);
    return withLock(this.folder.lock, waiting, work);
  }
}
