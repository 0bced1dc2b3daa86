import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Server } from "../checks/server.js";
import type { MeshRequest } from "./make-settings.js";
import { Mesh } from "./mesh.js";
import type { ProcessStatus } from "./status.js";

/**
 * A mesh in a folder of its own, on free ports and without Jaeger unless asked for, for tests and checks. It
 * ends with the process that started it, and leaves nothing behind.
 */
export class MeshStage {
  #folder = "";
  #mesh: Mesh | undefined;
  #addresses: Server | undefined;
  readonly #abort = new AbortController();
  readonly #killAtExit = () => this.#mesh?.killNow();

  /** @param say is told how far things are */
  constructor(private readonly say: (line: string) => void = () => {}) {}

  /** Starts it; resolves when a message can be posted and received. */
  async start(request: MeshRequest = {}): Promise<Server> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-mesh-"));
    this.#mesh = new Mesh(this.#folder, this.say);
    process.on("exit", this.#killAtExit);
    const wanted = { port: 0, jaeger: false, ...request };
    const { url, ws, grpc, token, ca } = await this.#mesh.start(wanted, this.#abort.signal);
    this.#addresses = { url, ws, grpc, token, ca: await readFile(ca, "utf8") };
    return this.#addresses;
  }

  /** Folder in which the command line tool finds it. */
  get data(): string {
    return this.#folder;
  }

  /** Where it is, with the first user's token. */
  get addresses(): Server {
    if (!this.#addresses) throw new Error("the mesh was not started");
    return this.#addresses;
  }

  status(): ProcessStatus[] {
    return this.#started.status();
  }

  /** Ends a process in the middle of whatever it does; resolves once it is gone. */
  kill(name: string): Promise<void> {
    return this.#started.kill(name);
  }

  /** Stops a process from doing anything, its connections left open, until `resume`. */
  pause(name: string): void {
    this.#started.pause(name);
  }

  resume(name: string): void {
    this.#started.resume(name);
  }

  /** Starts a process again that was killed, at its place; resolves once it serves. */
  startAgain(name: string): Promise<void> {
    return this.#started.startAgain(name);
  }

  /** Ends a process in order and starts it again. */
  restart(name: string): Promise<void> {
    return this.#started.restart(name);
  }

  /** Ends everything and removes it; safe to call twice, and while it starts. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#mesh?.stop();
    process.off("exit", this.#killAtExit);
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  get #started(): Mesh {
    if (!this.#mesh) throw new Error("the mesh was not started");
    return this.#mesh;
  }
}
