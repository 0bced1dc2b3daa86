import { once } from "node:events";
import type { StopReason, Terminal } from "./terminal.js";

/** The standard streams and signals of this process. */
export class ProcessTerminal implements Terminal {
  readonly input = process.stdin;
  readonly isWatched = process.stderr.isTTY === true;
  readonly #stop = new AbortController();
  readonly stop = this.#stop.signal;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => this.#end("interrupted"));
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.say(`confab: ${error.message} (${error.code})`);
      this.#end("closed");
    });
    // Nobody is left to be told.
    process.stderr.on("error", () => {});
  }

  async print(line: string): Promise<void> {
    if (this.stop.aborted || process.stdout.write(`${line}\n`)) return;
    await once(process.stdout, "drain", { signal: this.stop }).catch(() => {});
  }

  say(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  #end(reason: StopReason): void {
    this.#stop.abort(reason);
  }
}
