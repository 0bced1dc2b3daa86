import { catalogue } from "./catalogue.js";
import { componentFolder } from "./find.js";
import { install } from "./install.js";
import { buildOf, type ComponentName } from "./lock.js";

/** How getting a component ended. */
export interface Got {
  readonly name: ComponentName;
  readonly version: string;
  readonly seconds: number;
  /** It was there before. */
  readonly wasThere: boolean;
  readonly failure?: Error;
}

type Say = (name: ComponentName, line: string) => void;

/** Every so often it is said what is still under way, in ms. */
const stillMs = 30_000;

/** Gets components that are not there yet, all at a time; each has its own outcome. */
export function getAll(names: readonly ComponentName[], say: Say): Promise<Got[]> {
  return Promise.all(names.map((name) => get(name, (line) => say(name, line))));
}

async function get(name: ComponentName, say: (line: string) => void): Promise<Got> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  const version = buildOf(name)?.version ?? "";
  const still = setInterval(() => say(`still at it after ${Math.round(seconds())} s`), stillMs);
  try {
    const wasThere = await fill(name, say);
    return { name, version, seconds: seconds(), wasThere };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { name, version, seconds: seconds(), wasThere: false, failure };
  } finally {
    clearInterval(still);
  }
}

/** Whether it was there before. */
async function fill(name: ComponentName, say: (line: string) => void): Promise<boolean> {
  const build = buildOf(name);
  const waiting = (pid: number) => say(`waiting for process ${pid}, which gets it already`);
  return install(componentFolder(name), waiting, async (workplace) => {
    if (build) await catalogue[name].fill({ build, ...workplace, say });
  });
}
