import type { Metrics } from "../../lib/metrics/metrics.js";

/** What a ring manager sees of members, moves and operators' wishes. */
export interface Seen {
  readonly moves: number;
  readonly pins: number;
  readonly drains: number;
  readonly members: number;
  /** Members that give no sign of life. */
  readonly silent: number;
  /** Members that live and shall get no slots: strangers, or their clocks are off. */
  readonly unfit: number;
}

/** Told of what a ring manager does. */
export interface CharmMeter {
  /** A fence stands. */
  fenced(incarnation: string): void;
  /** So many slots were given to an owner. */
  gave(slots: number): void;
  /** What there was when it last looked. */
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
  const nothing: Seen = { moves: 0, pins: 0, drains: 0, members: 0, silent: 0, unfit: 0 };
  let seen = nothing;
  metrics.gauge("movesUnderWay", () => seen.moves);
  metrics.gauge("pins", () => seen.pins);
  metrics.gauge("drains", () => seen.drains);
  metrics.gauge("members", () => seen.members);
  metrics.gauge("silentMembers", () => seen.silent);
  metrics.gauge("unfitMembers", () => seen.unfit);
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
