/** Seeds in which deliberate bugs were seen first, to look there before a search. They age as code changes. */
export const knownSeeds: Readonly<Record<string, number>> = {
  "activation-restarted": 0,
};
