import { spawn } from "node:child_process";

/** A program that has to be installed before a component can be got. */
class ToolMissing extends Error {}

/** Programs of others that fetch and build, and what to install where one is missing. */
const howToInstall = {
  cargo: "Rust (for instance the packages `cargo` or `rustup`)",
  go: "Go, 1.25 or later (for instance from the package `golang`)",
  mvn: "Maven (for instance the package `maven`)",
  npm: "Node with npm",
  python3: "Python 3 with pip (for instance the packages `python3` and `python3-pip`)",
  tar: "tar",
} as const;

export type Tool = keyof typeof howToInstall;

/** A program that takes longer is ended, in ms; the largest build takes half an hour on a busy machine. */
const runMsMax = 3_600_000;
/** Of what a failed program said, this much is shown, in characters. */
const wordsMax = 4_000;

interface ToolOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end; resolves with its standard output.
 * @throws ToolMissing where it is not installed, an Error with its last words where it fails
 */
export function runTool(tool: Tool, args: readonly string[], { cwd, env }: ToolOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: runMsMax,
    });
    let output = "";
    let words = "";
    const keep = (text: string) => {
      words = (words + text).slice(-wordsMax);
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      keep(text);
    });
    child.stderr.setEncoding("utf8").on("data", keep);
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(missing ? new ToolMissing(`${tool} is missing: install ${howToInstall[tool]}`) : error);
    });
    child.once("close", (code, signal) => {
      if (code === 0) return resolve(output);
      reject(
        new Error(`${tool} ${args.join(" ")} failed (${signal ?? `exit code ${code}`})\n${words.trim()}`),
      );
    });
  });
}
