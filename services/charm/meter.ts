import type { Metrics } from "../../lib/metrics/metrics.js";

/** Told of what a ring manager does. */
export interface CharmMeter {
  /** A fence stands. */
  fenced(incarnation: string): void;
  /** So many slots were given to an owner. */
  gave(slots: number): void;
  /** It leads from now on. */
  elected(): void;
  /** It leads no more. */
  deposed(): void;
}

/** Measures a ring manager. */
export function charmMeter(metrics: Metrics): CharmMeter {
  const fences = metrics.count("fences");
  const slots = metrics.count("slotsGiven");
  const elections = metrics.count("elections");
  let leads = 0;
  metrics.gauge("charmLeads", () => leads);
  return {
    fenced: () => fences.add(1),
    gave: (count) => slots.add(count),
    elected: () => {
      leads = 1;
      elections.add(1);
    },
    deposed: () => {
      leads = 0;
    },
  };
}
