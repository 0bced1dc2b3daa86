/** Seeds that showed deliberate bugs, to look there before a search. They age as the code changes. */
export const knownSeeds: Readonly<Record<string, number>> = {
  "more-than-last-append-proposed": 1,
  "older-bucket-used": 1,
  "window-of-one-append": 42,
  "unknown-write-given-up": 12,
  "reads-of-one-replica": 3,
  "members-from-a-cache": 1,
  "dedupe-window-dropped": 54,
  "any-key-counts": 82,
  "tail-not-proposed-again": 32,
  "window-in-rows": 7,
  "unprojected-forgotten": 1,
  "ids-by-the-clock-alone": 1,
  "time-out-taken-for-not-written": 75,
  "no-fence": 20,
  "no-confirm": 47,
  "unknown-taken-for-not-written": 28,
};
