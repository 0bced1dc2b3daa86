import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { environmentWith } from "./config.js";

const program = fileURLToPath(new URL("../main.js", import.meta.url));

/** How a run of the tool ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the compiled tool in a process of its own. */
export class CliRun {
  readonly #child: ChildProcess;
  readonly #text = { stdout: "", stderr: "" };
  #seen: () => void = () => {};
  readonly ended: Promise<Ended>;

  /**
   * @param input what it reads from its standard input; more can be written if it is left out
   * @param variables of its environment, besides those of this process
   */
  constructor(args: readonly string[], input?: string, variables: Readonly<Record<string, string>> = {}) {
    const env = environmentWith(variables);
    const child = spawn(process.execPath, [program, ...args], { stdio: "pipe", env });
    this.#child = child;
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        this.#text[name] += text;
        this.#seen();
      });
    }
    child.stdin.on("error", () => {});
    if (input !== undefined) child.stdin.end(input);
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        this.#seen();
        resolve({ code, ...this.#text });
      });
    });
  }

  /** Resolves when the output holds a text. @throws Error when the run ends without */
  async printed(text: string): Promise<void> {
    while (!this.#text.stdout.includes(text)) {
      if (this.#child.exitCode !== null) throw new Error(`ended without ${text}: ${this.#text.stderr}`);
      await new Promise<void>((resolve) => {
        this.#seen = resolve;
      });
    }
  }

  /** Writes to its standard input, the last time if it is to end there. */
  write(text: string, last = false): void {
    this.#child.stdin?.write(text);
    if (last) this.#child.stdin?.end();
  }

  /** Stops reading what it prints, as `| head` does. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
