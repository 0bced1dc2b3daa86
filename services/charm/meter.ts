import type { Metrics } from "../../lib/metrics/metrics.js";

/** What a ring manager sees of moves and of operators' wishes. */
export interface Seen {
  readonly moves: number;
  readonly pins: number;
  readonly drains: number;
}

/** Told of what a ring manager does. */
export interface CharmMeter {
  /** A fence stands. */
  fenced(incarnation: string): void;
  /** So many slots were given to an owner. */
  gave(slots: number): void;
  /** What there was when it last looked: moves under way, pins and drains of operators. */
  looked(seen: Seen): void;
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
  const nothing: Seen = { moves: 0, pins: 0, drains: 0 };
  let seen = nothing;
  metrics.gauge("movesUnderWay", () => seen.moves);
  metrics.gauge("pins", () => seen.pins);
  metrics.gauge("drains", () => seen.drains);
  metrics.gauge("charmLeads", () => leads);
  return {
    fenced: () => fences.add(1),
    gave: (count) => slots.add(count),
    looked: (now) => {
      seen = now;
    },
    elected: () => {
      leads = 1;
      elections.add(1);
    },
    deposed: () => {
      leads = 0;
      seen = nothing;
    },
  };
}
