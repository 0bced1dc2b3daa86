import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { OwnedProcess } from "../running/owned-process.js";
import { javaArguments } from "./java-arguments.js";
import { type NodePlace, writeNodeFiles } from "./node-files.js";

const readyMsMax = 240_000;
const stopMsMax = 30_000;
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
  readonly #process = new OwnedProcess();

  constructor(private readonly options: NodeOptions) {}

  /** Resolves once it takes clients. */
  async start(): Promise<void> {
    const { address, clientPort } = this.options;
    const read = (line: string) => line.includes(readyWords) || undefined;
    const ready = { what: "Cassandra", msMax: readyMsMax, read };
    try {
      await this.#process.start(await nodeCommand(this.options), ready);
      while (!(await listens(address, clientPort))) {
        if (this.#process.pid === undefined) throw this.#process.failure("Cassandra ended at once");
        await wait(connectAgainMs);
      }
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Ends it in order, or by force if that takes too long; safe to call twice. */
  stop(): Promise<void> {
    return this.#process.end("SIGTERM", stopMsMax);
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

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
