import { catchUpMutations } from "./catch-up-mutations.js";
import type { Edit } from "./edit.js";
import { evictionMutations } from "./eviction-mutations.js";
import { noticeMutations } from "./notice-mutations.js";
import { ownershipMutations } from "./ownership-mutations.js";
import { replicaMutations } from "./replica-mutations.js";
import { writeMutations } from "./write-mutations.js";

/** Deliberate bugs by name: each leaves out a rule, and some promise must be seen to break. */
export const mutations: Readonly<Record<string, readonly Edit[]>> = {
  ...writeMutations,
  ...ownershipMutations,
  ...catchUpMutations,
  ...evictionMutations,
  ...noticeMutations,
  ...replicaMutations,
};

/** Whether the runs that show a mutation are those of owners in a row. */
export function isForDuels(mutation: string): boolean {
  return Object.hasOwn(replicaMutations, mutation) || mutation === "no-confirm";
}
