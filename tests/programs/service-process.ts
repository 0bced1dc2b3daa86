import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const readyMsMax = 60_000;
const endMsMax = 20_000;

const readySchema = z.object({
  event: z.literal("ready"),
  service: z.string(),
  address: z.string().optional(),
  streamAddress: z.string().optional(),
  observation: z.string(),
});

/** What a program says when it is ready. */
export type Ready = z.infer<typeof readySchema>;

/** A service's program as a process of its own. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  readonly #heard: { stdout: string[]; stderr: string[] } = { stdout: [], stderr: [] };
  readonly #ready: Promise<Ready>;
  readonly #killAtExit = () => void this.#child.kill("SIGKILL");

  /** Starts it with these variables and none of Confab's besides. */
  constructor(
    readonly service: string,
    variables: Readonly<Record<string, string>>,
  ) {
    const program = fileURLToPath(new URL(`../../services/${service}/main.js`, import.meta.url));
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith("CONFAB_"));
    this.#child = spawn(process.execPath, [program], {
      env: { ...Object.fromEntries(others), ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.once("exit", this.#killAtExit);
    this.#closed = new Promise((resolve) => this.#child.once("close", resolve));
    void this.#closed.then(() => process.off("exit", this.#killAtExit));
    createInterface(this.#child.stderr!).on("line", (line) => this.#heard.stderr.push(line));
    this.#ready = new Promise((resolve, reject) => {
      const fail = (why: string) =>
        reject(new Error([`${service} ${why}`, ...this.#heard.stderr].join("\n")));
      const timer = setTimeout(() => fail("is not ready in time"), readyMsMax);
      createInterface(this.#child.stdout!).on("line", (line) => {
        this.#heard.stdout.push(line);
        if (!line.startsWith('{"event":"ready"')) return;
        clearTimeout(timer);
        resolve(readySchema.parse(JSON.parse(line)));
      });
      void this.#closed.then((code) => {
        clearTimeout(timer);
        fail(`ended before it was ready (${code})`);
      });
    });
    this.#ready.catch(() => {});
  }

  /** Resolves with what it says when it is ready; rejects, with its last words, if it ends before. */
  ready(): Promise<Ready> {
    return this.#ready;
  }

  /** The lines that it wrote. */
  get heard(): { readonly stdout: readonly string[]; readonly stderr: readonly string[] } {
    return this.#heard;
  }

  signal(signal: "SIGTERM" | "SIGINT"): void {
    this.#child.kill(signal);
  }

  /** Resolves with the exit code once it has ended; null after a kill. */
  ended(): Promise<number | null> {
    return this.#closed;
  }

  /** Ends it in order, or by force if it takes too long; resolves with the exit code. Safe to call twice. */
  async end(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), endMsMax);
    const code = await this.#closed;
    clearTimeout(timer);
    return code;
  }
}
