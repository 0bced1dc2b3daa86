import { fileURLToPath } from "node:url";
import { z } from "zod";
import { OwnedProcess } from "../components/running/owned-process.js";
import type { Server } from "./server.js";

const readyMsMax = 30_000;
const closeMsMax = 20_000;

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
  readonly #process = new OwnedProcess();

  constructor(
    private readonly folder: string,
    private readonly args: readonly string[] = [],
    /** Options of Node itself. */
    private readonly nodeArgs: readonly string[] = [],
    /** Of its environment, besides those of this process. */
    private readonly variables: Readonly<Record<string, string>> = {},
  ) {}

  /** Id of the process; 0 while it does not run. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Starts the server on the same folder as before; resolves once it serves. */
  start(): Promise<Ready> {
    const program = fileURLToPath(new URL("../../services/local/main.js", import.meta.url));
    const ports = ["--port", "0", "--json"];
    const args = [...this.nodeArgs, program, "--data", this.folder, ...ports, ...this.args];
    const env = { ...process.env, ...this.variables };
    const ready = { what: "the server", msMax: readyMsMax, read: parseReady };
    return this.#process.start({ command: process.execPath, args, env }, ready);
  }

  /** The last lines that it said, on stdout or stderr, but for the one that says where it is. */
  get words(): readonly string[] {
    return this.#process.words;
  }

  /** Tells the server what a terminal or a supervisor tells it. */
  signal(signal: "SIGINT" | "SIGTERM"): void {
    this.#process.signal(signal);
  }

  /** Resolves when the server has ended. */
  ended(): Promise<void> {
    return this.#process.ended();
  }

  /** Ends the server in the middle of whatever it does. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Ends the server in order, or by force if it takes too long; safe to call twice. */
  close(): Promise<void> {
    return this.#process.end("SIGINT", closeMsMax);
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
