import { equalIds, erasureBehind, lateProjection, manyReactions, poisonRow } from "./projections.js";
import { forgotten, lateRewrite, otherTerm, outOfMemory } from "./repeating.js";
import type { Scenario } from "./scenario.js";
import { bucketRoll, emptyLog, longVoidRun, refusedBucket, threeOwners } from "./succession.js";
import {
  fencedRead,
  fencedRefusal,
  halfCreated,
  halfReplaced,
  lateAppend,
  refusedRetry,
  twoAppends,
} from "./writing.js";

/** All scenarios. */
export const scenarios: readonly Scenario[] = [
  ...[threeOwners, longVoidRun, bucketRoll, emptyLog, refusedBucket],
  ...[equalIds, erasureBehind, lateProjection, manyReactions, poisonRow],
  ...[lateAppend, twoAppends, refusedRetry, halfReplaced, halfCreated, fencedRefusal, fencedRead],
  ...[otherTerm, forgotten, outOfMemory, lateRewrite],
];
