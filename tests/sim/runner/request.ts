import type { RunKind, RunResult, VerboseResult } from "./simulate.js";

/** With which code a worker runs: chosen for its whole life, as code is loaded once. */
export interface WorkerSetting {
  readonly kind: RunKind;
  readonly lowLimits: boolean;
  /** Name of a deliberate bug; empty: none. */
  readonly mutation: string;
}

/** What a worker is asked to run. */
export interface RunRequest {
  readonly seed: number;
  /** Run it again, to see that the same happens. */
  readonly twice: boolean;
  readonly verbose: boolean;
  /** How many copies the store has; undefined: as the seed says. */
  readonly copies?: 1 | 3 | undefined;
}

/** What came of it. */
export interface RunReply {
  readonly result: RunResult | VerboseResult;
  /** Simulated second in which a second run of the seed went another way; undefined: it did not. */
  readonly partedAt: number | undefined;
  /** How often the seed ran. */
  readonly times: number;
}

/**
 * Two of three seeds run with low limits, so that short runs meet them, and all duels do; a seed always with
 * the same.
 */
export function settingOf(kind: RunKind, seed: number, mutation: string): WorkerSetting {
  return { kind, lowLimits: kind === "duel" || seed % 3 !== 0, mutation };
}
