import { equalIds, erasureBehind, manyReactions, poisonRow } from "./projections.js";
import { forgotten, lateRewrite, otherTerm } from "./repeating.js";
import type { Scenario } from "./scenario.js";
import { bucketRoll, emptyLog, longVoidRun, threeOwners } from "./succession.js";
import { halfCreated, halfReplaced, lateAppend, refusedRetry, twoAppends } from "./writing.js";

/** All scenarios. */
export const scenarios: readonly Scenario[] = [
  ...[threeOwners, longVoidRun, bucketRoll, emptyLog],
  ...[equalIds, erasureBehind, manyReactions, poisonRow],
  ...[lateAppend, twoAppends, refusedRetry, halfReplaced, halfCreated],
  ...[otherTerm, forgotten, lateRewrite],
];
