import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../catalogue.js";
import { findComponent, howToGet } from "../find.js";
import type { ComponentName } from "../lock.js";
import { end } from "./end.js";
import type { RunningProcess } from "./process-records.js";
import { alone, readRunning, runFolder, writeRunning } from "./process-state.js";
import { startProcess } from "./start-process.js";

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
      const begun = (process: RunningProcess) => {
        running.push(process);
        writeRunning(name, running);
      };
      await startProcess(launch, { log: join(runFolder(name), `${launch.name}.log`), begun });
    }
    return running;
  } catch (error) {
    await Promise.all(running.map(end));
    writeRunning(name, []);
    throw error;
  }
}
