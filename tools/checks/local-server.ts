import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Server } from "./server.js";

const readyMsMax = 30_000;
const closeMsMax = 20_000;
const keptLinesMax = 20;

const readySchema = z.object({
  event: z.literal("ready"),
  /** Base of the Web API. */
  url: z.string(),
  ws: z.string(),
  /** `host:port` */
  grpc: z.string(),
  token: z.string(),
  /** Milliseconds that starting took. */
  ms: z.number(),
});

/** Where a started server is, and a token for it. */
export type Ready = Server & z.infer<typeof readySchema>;

/** The all-in-one server as a process of its own, on free ports, which can be killed and started again. */
export class LocalServer {
  #child: ChildProcess | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  readonly #words: string[] = [];
  readonly #killAtExit = () => void this.#child?.kill("SIGKILL");

  constructor(
    private readonly folder: string,
    private readonly args: readonly string[] = [],
    /** Options of Node itself. */
    private readonly nodeArgs: readonly string[] = [],
    /** Of its environment, besides those of this process. */
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {
    process.on("exit", this.#killAtExit);
  }

  /** Id of the process; 0 before its start. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the server on the same folder as before; resolves once it serves. */
  async start(): Promise<Ready> {
    const program = fileURLToPath(new URL("../../services/local/main.js", import.meta.url));
    const ports = ["--port", "0", "--json"];
    const args = [...this.nodeArgs, program, "--data", this.folder, ...ports, ...this.args];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...this.variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#closed = new Promise((resolve) => child.once("close", resolve));
    createInterface(child.stderr).on("line", (line) => this.#keep(line));
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new Error([reason, ...this.#words].join("\n")));
      const timer = setTimeout(() => fail("the server is not ready in time"), readyMsMax);
      child.once("error", (error) => fail(`the server cannot be started: ${error.message}`));
      child.once("close", (code, signal) => {
        clearTimeout(timer);
        fail(`the server ended before it was ready (${signal ?? code})`);
      });
      createInterface(child.stdout).on("line", (line) => {
        const ready = parseReady(line);
        if (!ready) return this.#keep(line);
        clearTimeout(timer);
        resolve(ready);
      });
    });
  }

  /** The last lines that it said, on stdout or stderr, but for the one that says where it is. */
  get words(): readonly string[] {
    return this.#words;
  }

  /** Tells the server what a terminal or a supervisor tells it. */
  signal(signal: "SIGINT" | "SIGTERM"): void {
    this.#child?.kill(signal);
  }

  /** Resolves when the server has ended. */
  async ended(): Promise<void> {
    await this.#closed;
  }

  /** Ends the server in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#closed;
  }

  /** Ends the server in order, or by force if it takes too long; safe to call twice. */
  async close(): Promise<void> {
    this.#child?.kill("SIGINT");
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), closeMsMax);
    await this.#closed;
    clearTimeout(timer);
    process.off("exit", this.#killAtExit);
  }

  #keep(line: string): void {
    this.#words.push(line);
    if (this.#words.length > keptLinesMax) this.#words.shift();
  }
}

/** The line by which a server says where it is, or undefined if it is another line. */
export function parseReady(line: string): Ready | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return readySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
