import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { javaArguments } from "./java-arguments.js";
import { type NodePlace, writeNodeFiles } from "./node-files.js";

const readyMsMax = 240_000;
const stopMsMax = 30_000;
const keptLinesMax = 40;
/** Said just before it listens. */
const readyWords = "Starting listening for CQL clients";
const connectAgainMs = 50;

/** How a node runs. */
export interface NodeOptions extends NodePlace {
  /** The folder with Cassandra's jars in `lib`. */
  readonly component: string;
  readonly heap: string;
  /** How long a node that joins others waits for them, in ms; 0 for the first. */
  readonly ringDelayMs: number;
}

/** One process of Cassandra, which can be killed and started again on what it kept. */
export class CassandraNode {
  #child: ChildProcess | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  readonly #words: string[] = [];
  readonly #killAtExit = () => void this.#child?.kill("SIGKILL");

  constructor(private readonly options: NodeOptions) {}

  /** Resolves once it takes clients. */
  async start(): Promise<void> {
    const { command, args } = await nodeCommand(this.options);
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    process.on("exit", this.#killAtExit);
    this.#closed = new Promise((resolve) => child.once("close", resolve));
    await this.#ready(child);
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it in order, or by force if that takes too long; safe to call twice. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), stopMsMax);
    await this.#end("SIGTERM");
    clearTimeout(timer);
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    this.#child?.kill(signal);
    await this.#closed;
    process.off("exit", this.#killAtExit);
  }

  #ready(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new Error([reason, ...this.#words].join("\n")));
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail("Cassandra is not ready in time");
      }, readyMsMax);
      child.once("error", (error) => fail(`Java cannot be started: ${error.message}`));
      child.once("close", (code, signal) => {
        clearTimeout(timer);
        fail(`Cassandra ended before it was ready (${signal ?? code})`);
      });
      for (const stream of [child.stdout!, child.stderr!]) {
        createInterface(stream).on("line", (line) => {
          this.#keep(line);
          if (!line.includes(readyWords)) return;
          const { address, clientPort } = this.options;
          const isOver = () => child.exitCode !== null || child.signalCode !== null;
          untilListening(address, clientPort, isOver, () => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    });
  }

  #keep(line: string): void {
    this.#words.push(line);
    if (this.#words.length > keptLinesMax) this.#words.shift();
  }
}

/** The command that runs a node, whose configuration is then in its folder. */
export async function nodeCommand(options: NodeOptions): Promise<{ command: string; args: string[] }> {
  const { component, heap, ringDelayMs } = options;
  const own = await writeNodeFiles(options);
  const lib = join(component, "lib");
  const agent = readdirSync(lib).find((name) => /^jamm-.*\.jar$/.test(name));
  const memory = [`-Xms${heap}`, `-Xmx${heap}`, "-XX:MaxDirectMemorySize=256M"];
  const args = [
    ...[...memory, ...javaArguments, `-javaagent:${join(lib, agent ?? "jamm.jar")}`, ...own],
    ...[`-Dcassandra.ring_delay_ms=${ringDelayMs}`, "-cp", join(lib, "*")],
    "org.apache.cassandra.service.CassandraDaemon",
  ];
  return { command: javaCommand(), args };
}

function javaCommand(): string {
  const home = process.env.JAVA_HOME;
  return home ? join(home, "bin", "java") : "java";
}

/** Calls once somebody listens, unless it is over before. */
function untilListening(host: string, port: number, isOver: () => boolean, listening: () => void): void {
  const socket = connect(port, host);
  socket.once("connect", () => {
    socket.destroy();
    listening();
  });
  socket.once("error", () => {
    if (!isOver()) setTimeout(untilListening, connectAgainMs, host, port, isOver, listening);
  });
}
