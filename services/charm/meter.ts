import type { Metrics } from "../../lib/metrics/metrics.js";

/** Told of what a ring manager does. */
export interface CharmMeter {
  /** A fence stands. */
  fenced(): void;
  /** So many slots were given to an owner. */
  gave(slots: number): void;
}

/** Measures a ring manager. */
export function charmMeter(metrics: Metrics): CharmMeter {
  const fences = metrics.count("fences");
  const slots = metrics.count("slotsGiven");
  return { fenced: () => fences.add(1), gave: (count) => slots.add(count) };
}
