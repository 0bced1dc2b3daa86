import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const keptLinesMax = 40;

/** How a process is begun. */
interface Begin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** When a process counts as ready. */
interface Ready<Result> {
  /** What is started, for messages. */
  readonly what: string;
  readonly msMax: number;
  /** What a line that it says tells of being ready; other lines tell nothing. */
  readonly read: (line: string) => Result | undefined;
}

/**
 * A process that ends with this one, can be killed and started again, and of which the last lines are known.
 */
export class OwnedProcess {
  #child: ChildProcess | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  #words: string[] = [];
  readonly #killAtExit = () => void this.#child?.kill("SIGKILL");

  /** Its id; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The last lines that it said. */
  get words(): readonly string[] {
    return this.#words;
  }

  /** Begins it. @param heard is told each line, and keeps it from the words if it says so */
  begin({ command, args, env }: Begin, heard: (line: string) => boolean = () => false): ChildProcess {
    this.#words = [];
    const child = spawn(command, args, { ...(env && { env }), stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    process.once("exit", this.#killAtExit);
    this.#closed = new Promise((resolve) => {
      child.once("close", resolve);
      child.once("error", resolve);
    });
    void this.#closed.then(() => {
      process.off("exit", this.#killAtExit);
      if (this.#child === child) this.#child = undefined;
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        if (!heard(line)) this.#keep(line);
      });
    }
    return child;
  }

  /**
   * Begins it and resolves with what it said of being ready.
   * @throws Error with its last lines if it ends before or takes too long
   */
  start<Result>(begin: Begin, { what, msMax, read }: Ready<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(this.failure(`${what} ${reason}`));
      const timer = setTimeout(() => fail("is not ready in time"), msMax);
      const child = this.begin(begin, (line) => {
        const result = read(line);
        if (result === undefined) return false;
        clearTimeout(timer);
        resolve(result);
        return true;
      });
      child.once("error", (error) => {
        clearTimeout(timer);
        fail(`cannot be started: ${error.message}`);
      });
      child.once("close", (code, signal) => {
        clearTimeout(timer);
        fail(`ended before it was ready (${signal ?? code})`);
      });
    });
  }

  /** Sends it a signal, if it runs. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Resolves when it has ended; at once if it does not run. */
  async ended(): Promise<void> {
    await this.#closed;
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#closed;
  }

  /** Ends it in order, or by force if that takes too long; safe to call twice, and to start again after. */
  async end(signal: "SIGINT" | "SIGTERM", msMax: number): Promise<void> {
    this.signal("SIGCONT");
    this.signal(signal);
    const timer = setTimeout(() => this.signal("SIGKILL"), msMax);
    await this.#closed;
    clearTimeout(timer);
  }

  /** An error with what it said last. */
  failure(reason: string): Error {
    return new Error([reason, ...this.#words].join("\n"));
  }

  #keep(line: string): void {
    this.#words.push(line);
    if (this.#words.length > keptLinesMax) this.#words.shift();
  }
}
