import type { Metrics } from "./metrics.js";

/** Measures the batches of a store that is one SQLite database. */
export function storeMeter(metrics: Metrics) {
  const operations = metrics.histogram("batchOperations");
  const seconds = metrics.histogram("batchSeconds");
  return {
    batched(count: number, ms: number): void {
      operations.observe(count);
      seconds.observe(ms / 1000);
    },
  };
}
