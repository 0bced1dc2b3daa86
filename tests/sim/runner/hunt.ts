import { isForDuels } from "../edits/mutations.js";
import { runBatch } from "./workers.js";

/** Most seeds that are run in search of a violation, by their kind. */
const seedsMax = { mesh: 2000, duel: 20_000 };

/** What the hunt for a deliberate bug came to. */
export interface Hunted {
  readonly mutation: string;
  readonly caught: boolean;
  /** The first seed in which it showed; 0: in none. */
  readonly seed: number;
  /** The promises that it broke there. */
  readonly promises: readonly string[];
  /** What was seen of that. */
  readonly what: string;
}

/** Runs seeds with a deliberate bug until a checker sees it. */
export async function hunt(
  mutation: string,
  firstSeed: number,
  jobs: number,
  runs?: number,
): Promise<Hunted> {
  const kind = isForDuels(mutation) ? "duel" : "mesh";
  let hunted: Hunted = { mutation, caught: false, seed: 0, promises: [], what: "" };
  const batch = {
    kind,
    firstSeed,
    runs: runs ?? seedsMax[kind],
    jobs,
    twice: () => false,
    verbose: false,
    mutation,
  } as const;
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
