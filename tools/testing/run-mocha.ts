import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromTests } from "./messages.js";
import { isEmpty, single, sum, type Tally } from "./tally.js";

/** Starting Cassandra, and starting it again after it was killed, take their time. */
const runMsMax = 900_000;
const endMsMax = 10_000;

/** Which tests are run, and how. */
export interface MochaRun {
  /** `--grep TEXT`, `--folder FOLDER` below dist/. */
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** That there is no such test is no fault. */
  readonly mayBeEmpty?: boolean;
  /** What the tests say goes to stderr, so that stdout has the caller's words alone. */
  readonly quiet?: boolean;
  say(line: string): void;
}

/**
 * Runs the compiled tests in a process of its own. A run fails besides if it takes too long, ends before its
 * time, finds no test, or leaves something open that keeps the process from ending.
 */
export async function runMocha(run: MochaRun): Promise<Tally> {
  const child = fork(fileURLToPath(new URL("./mocha-child.js", import.meta.url)), run.args, {
    env: run.environment,
    detached: true,
    stdio: ["ignore", run.quiet ? 2 : "inherit", "inherit", "ipc"],
  });
  const interrupt = () => kill(child);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  const faults: string[] = [];
  const tally = await follow(child, faults, run.mayBeEmpty);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
  for (const fault of faults) run.say(`FAIL ${fault}`);
  return sum([tally, ...faults.map(() => single(false))]);
}

function follow(child: ChildProcess, faults: string[], mayBeEmpty = false): Promise<Tally> {
  let tally: Tally | undefined;
  let running = "loading of the tests";
  let open: readonly string[] | undefined;
  let timer = setTimeout(() => {
    faults.push(`the tests took over ${runMsMax / 1000} s; last began: ${running}`);
    kill(child);
  }, runMsMax);
  const ended = () => {
    child.send("what is open?", () => {});
    timer = setTimeout(() => {
      faults.push(
        `the tests left open what keeps the process alive: ${open ? count(open) : "it does not say"}`,
      );
      kill(child);
    }, endMsMax);
  };
  child.on("message", (message: FromTests) => {
    if (message.event === "running") running = message.title;
    if (message.event === "open") open = message.handles;
    if (message.event !== "done") return;
    tally = message.tally;
    clearTimeout(timer);
    ended();
  });
  return new Promise((resolve) => {
    child.on("error", (error) => faults.push(`the tests could not be started: ${error.message}`));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (!tally && faults.length === 0)
        faults.push(`the tests broke off (${signal ?? `exit code ${code}`})`);
      if (tally && isEmpty(tally) && !mayBeEmpty) faults.push("there was no test to run");
      resolve(tally ?? { passed: 0, failed: 0, skipped: 0 });
    });
  });
}

/** Ends the process and all that it started in its group. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function count(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, times]) => `${times} × ${name}`).join(", ") || "nothing that Node can name";
}
