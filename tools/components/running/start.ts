import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { catalogue } from "../catalogue.js";
import { findComponent, howToGet } from "../find.js";
import type { ComponentName } from "../lock.js";
import type { Launch } from "../servers/launch.js";
import { beganAt } from "./began.js";
import { end } from "./end.js";
import { alone, type RunningProcess, readRunning, runFolder, writeRunning } from "./process-state.js";

const readyMsMax = 180_000;
const readyPollMs = 100;
/** Of a log, so much is shown where its process did not come up, in characters. */
const logTailMax = 2_000;

interface StartOptions {
  readonly members: number;
  readonly port?: number | undefined;
  readonly config?: string | undefined;
}

/** Starts a component in the background, on data of earlier runs if there are; resolves once it serves. */
export function start(name: ComponentName, options: StartOptions): Promise<RunningProcess[]> {
  return alone(name, () => startAlone(name, options));
}

async function startAlone(name: ComponentName, options: StartOptions): Promise<RunningProcess[]> {
  const { members, port, config } = options;
  const folder = findComponent(name);
  const { server } = catalogue[name];
  if (!server) throw new Error(`${name} is not a server: there is nothing to start`);
  if (!folder) throw new Error(`${name} is not there; get it by: ${howToGet(name)}`);
  if (members > server.membersMax) throw new Error(`${name} runs with at most ${server.membersMax} members`);
  if (config !== undefined && !existsSync(config)) throw new Error(`there is no file ${config}`);
  if (readRunning(name).length > 0)
    throw new Error(`${name} runs already; see: npm run components -- status`);
  // Members of a cluster know each other: data of one alone is none of three.
  const data = join(runFolder(name), `data-${members}`);
  mkdirSync(data, { recursive: true });
  const running: RunningProcess[] = [];
  try {
    for (const launch of await server.launches({ folder, data, members, port, config })) {
      await startOne(launch, join(runFolder(name), `${launch.name}.log`), (process) => {
        running.push(process);
        writeRunning(name, running);
      });
    }
    return running;
  } catch (error) {
    await Promise.all(running.map(end));
    writeRunning(name, []);
    throw error;
  }
}

/** @param begun told of the process before it serves, so that it can be ended whatever comes then */
async function startOne(
  launch: Launch,
  log: string,
  begun: (process: RunningProcess) => void,
): Promise<void> {
  const { name, addresses } = launch;
  if ((await launch.whyNotReady()) === undefined) {
    throw new Error(`something else serves already at ${Object.values(addresses).join(", ")}`);
  }
  const output = openSync(log, "w");
  const child = spawn(launch.command, launch.args, {
    detached: true,
    env: { ...process.env, ...launch.env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  const { pid } = child;
  if (pid !== undefined) begun({ name, pid, began: beganAt(pid) ?? "", addresses });
  await Promise.race([untilReady(launch, child, log), failed]);
  child.unref();
}

async function untilReady(launch: Launch, child: ChildProcess, log: string): Promise<void> {
  const until = performance.now() + readyMsMax;
  for (;;) {
    const reason = await launch.whyNotReady();
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${launch.name} ended at once\n${tailOf(log)}`);
    }
    if (reason === undefined) return;
    if (performance.now() > until) {
      throw new Error(`${launch.name} is not ready in time: ${reason}\n${tailOf(log)}`);
    }
    await wait(readyPollMs);
  }
}

function tailOf(log: string): string {
  return readFileSync(log, "utf8").slice(-logTailMax).trim();
}
