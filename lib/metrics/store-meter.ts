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

/**
 * Measures the requests of a store in Cassandra.
 * @param waiting how many wait or are under way; asked whenever somebody looks
 */
export function cassandraMeter(metrics: Metrics, waiting: () => number) {
  const seconds = metrics.histogram("requestSeconds");
  metrics.gauge("requestsWaiting", waiting);
  return {
    requested(operation: string, outcome: string, ms: number): void {
      seconds.observe({ operation, outcome }, ms / 1000);
    },
  };
}
