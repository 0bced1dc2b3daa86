import { runBatch } from "./workers.js";

/** Most seeds that are run in search of a violation. */
const seedsMax = 2000;

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
export async function hunt(mutation: string, firstSeed: number, jobs: number): Promise<Hunted> {
  let hunted: Hunted = { mutation, caught: false, seed: 0, promises: [], what: "" };
  const batch = {
    kind: "mesh",
    firstSeed,
    runs: seedsMax,
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
