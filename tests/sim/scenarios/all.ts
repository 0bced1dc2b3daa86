import { equalIds, erasureBehind, manyReactions, poisonRow } from "./projections.js";
import type { Scenario } from "./scenario.js";
import { bucketRoll, emptyLog, longVoidRun, threeOwners } from "./succession.js";

/** All scenarios. */
export const scenarios: readonly Scenario[] = [
  ...[threeOwners, longVoidRun, bucketRoll, emptyLog],
  ...[equalIds, erasureBehind, manyReactions, poisonRow],
];
