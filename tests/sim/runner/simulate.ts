import type { Violation } from "../../history/checker.js";
import type { HistoryRecord } from "../../history/records.js";
import { DuelRun } from "../duel/duel-run.js";
import { MeshRun } from "./mesh-run.js";

/** What one run of a seed came to. */
export interface RunResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly coverage: Readonly<Record<string, number>>;
  /** Tasks of the scheduler that ran. */
  readonly events: number;
  /** Hash over all that happened. */
  readonly digest: string;
  /** The hash so far after each simulated second, to see where two runs part. */
  readonly checkpoints: readonly string[];
}

/** A whole mesh, or nothing but owners in a row. */
export type RunKind = "mesh" | "duel";

/** How a seed is run. */
export interface RunOptions {
  readonly kind?: RunKind;
  /** Keep all that is known. */
  readonly verbose?: boolean;
  /** How many copies the store has; undefined: as the seed says. */
  readonly copies?: 1 | 3 | undefined;
}

/** A run with all that is known of it. */
export interface VerboseResult extends RunResult {
  readonly history: readonly HistoryRecord[];
  /** The newest events, one a line. */
  readonly trace: readonly string[];
}

/**
 * Runs the seed's course of events, from the start of the mesh to its final logs, and checks what was seen.
 */
export async function simulate(seed: number, options: RunOptions = {}): Promise<VerboseResult> {
  const run = options.kind === "duel" ? new DuelRun(seed, options.verbose) : new MeshRun(seed, options);
  const crash = (error: unknown) => run.failed(error);
  process.on("unhandledRejection", crash);
  try {
    await run.go();
  } catch (error) {
    crash(error);
  } finally {
    process.off("unhandledRejection", crash);
  }
  return run.result();
}
