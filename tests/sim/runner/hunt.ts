import { knownSeeds } from "../edits/known-seeds.js";
import { isForDuels } from "../edits/mutations.js";
import { scenarios } from "../scenarios/all.js";
import { runScenario } from "../scenarios/run-scenario.js";
import { runBatch } from "./workers.js";

/** Most seeds that are run in search of a violation, by their kind. */
const seedsMax = { mesh: 2000, duel: 20_000 };

/** What the hunt for a deliberate bug came to. */
export interface Hunted {
  readonly mutation: string;
  readonly caught: boolean;
  /** The first seed in which it showed; 0: in none, but perhaps in a scenario. */
  readonly seed: number;
  /** The promises that it broke there. */
  readonly promises: readonly string[];
  /** What was seen of that. */
  readonly what: string;
}

/** How to look for a deliberate bug. */
export interface HuntOptions {
  readonly firstSeed: number;
  readonly jobs: number;
  /** Most seeds; undefined: as many as are usual for its kind. */
  readonly runs?: number | undefined;
}

/** Looks for a deliberate bug where it is known to show, and runs seeds with it until a checker sees it. */
export async function hunt(mutation: string, options: HuntOptions): Promise<Hunted> {
  const known = knownSeeds[mutation];
  if (known) {
    const hunted = await search(mutation, { ...options, firstSeed: known, runs: 1 });
    if (hunted.caught) return hunted;
  }
  const told = await play(mutation);
  return told?.caught ? told : search(mutation, options);
}

/** Runs the scenario that stands for the rule that the bug leaves out, if there is one. */
async function play(mutation: string): Promise<Hunted | undefined> {
  const scenario = scenarios.find(({ without }) => without === mutation);
  if (!scenario) return undefined;
  const what = await runScenario(scenario.name, mutation);
  const promises = what === "" ? [] : [scenario.promise];
  return { mutation, caught: what !== "", seed: 0, promises, what };
}

/** Runs seeds until one shows the bug. */
async function search(mutation: string, { firstSeed, jobs, runs }: HuntOptions): Promise<Hunted> {
  const kind = isForDuels(mutation) ? "duel" : "mesh";
  let hunted: Hunted = { mutation, caught: false, seed: 0, promises: [], what: "" };
  const seeds = { firstSeed, runs: runs ?? seedsMax[kind] };
  const batch = { kind, ...seeds, jobs, twice: () => false, verbose: false, mutation } as const;
  await runBatch(batch, ({ result: { violations, seed } }) => {
    const [first] = violations;
    if (first && (!hunted.caught || seed < hunted.seed)) {
      const promises = [...new Set(violations.map(({ promise }) => promise))].sort();
      hunted = { mutation, caught: true, seed, promises, what: first.what };
    }
    return !hunted.caught;
  });
  return hunted;
}
