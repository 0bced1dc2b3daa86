import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { heartbeatMs } from "../../../lib/limits/limits.js";
import type { Check, Figures, Outcome } from "../check.js";
import { median, round } from "../figures.js";
import { OneRun, type RunFindings } from "./one-run.js";

const mebibyte = 1024 * 1024;
const extraMiBMax = 16;
const p99RatioMax = 1.5;
/** From then on it may be cut off for giving no sign of life, which proves nothing of the bound. */
const cutOffSecondsMax = heartbeatMs / 1000;

type FlagName = "rounds" | "rate" | "seconds" | "messageBytes" | "readers";

/** A round: the same load without a stalled reader and with one, next to each other in time. */
export interface Round {
  readonly without: RunFindings;
  readonly stalled: RunFindings;
}

/**
 * A reader that stopped to read is cut off at a bound of bytes and can resume: it costs the gateway little
 * memory, and the others do not wait for it (G10).
 */
export const stalledReader: Check<FlagName> = {
  name: "stalled-reader",
  about:
    "has one socket read nothing under load, and compares memory and the others' latency with runs without",
  flags: {
    rounds: { standard: 3, about: "how often to run without and with it" },
    rate: { standard: 1000, about: "messages in a second, all in one channel" },
    seconds: { standard: 60, about: "how long each run is" },
    messageBytes: { standard: 1024, about: "size of a message" },
    readers: { standard: 10, about: "how many others read" },
  },
  async run(context, flags) {
    const rounds: Round[] = [];
    const runOnce = async (stalled: boolean): Promise<RunFindings> => {
      const folder = join(context.folder, `${rounds.length}-${stalled}`);
      await mkdir(folder);
      const findings = await new OneRun(context, folder, flags).run(stalled);
      const { p99Ms, growthBytes, cutOffSeconds, postsPerSecond } = findings;
      const figures = { p99Ms: round(p99Ms), growthMiB: round(growthBytes / mebibyte), postsPerSecond };
      const cut: Figures = cutOffSeconds === undefined ? {} : { cutOffSeconds: round(cutOffSeconds) };
      context.progress(stalled ? "with a stalled reader" : "without", { ...figures, ...cut });
      return findings;
    };
    // Each time another one is first: what drifts does not favour either.
    while (rounds.length < flags.rounds) {
      if (rounds.length % 2 === 0)
        rounds.push({ without: await runOnce(false), stalled: await runOnce(true) });
      else {
        const stalled = await runOnce(true);
        rounds.push({ without: await runOnce(false), stalled });
      }
    }
    return judge(rounds);
  },
};

/** Compares runs of the same rounds, by medians. */
export function judge(rounds: readonly Round[]): Outcome {
  const medianOf = (of: (round: Round) => number) => median(rounds.map(of));
  const memory = {
    growthMiBWithout: round(medianOf(({ without }) => without.growthBytes / mebibyte)),
    growthMiBStalled: round(medianOf(({ stalled }) => stalled.growthBytes / mebibyte)),
    extraMiB: round(
      medianOf(({ without, stalled }) => (stalled.growthBytes - without.growthBytes) / mebibyte),
    ),
  };
  const latency = {
    p99MsWithout: round(medianOf(({ without }) => without.p99Ms)),
    p99MsStalled: round(medianOf(({ stalled }) => stalled.p99Ms)),
    p99Ratio: round(
      medianOf(({ without, stalled }) => stalled.p99Ms / without.p99Ms),
      2,
    ),
  };
  const runs = rounds.flatMap(({ without, stalled }) => [without, stalled]);
  const sum = (of: (run: RunFindings) => number) => runs.reduce((all, run) => all + of(run), 0);
  const faults = {
    missing: sum(({ missing }) => missing),
    duplicate: sum(({ duplicate }) => duplicate),
    reordered: sum(({ reordered }) => reordered),
    troubles: sum(({ troubles }) => troubles),
    cutOffOthers: rounds.filter(({ without }) => without.cutOffSeconds !== undefined).length,
  };
  const cutOffs = rounds.flatMap(({ stalled }) => stalled.cutOffSeconds ?? []);
  const isCutOff = cutOffs.length === rounds.length && Math.max(...cutOffs) < cutOffSecondsMax;
  const isBounded = memory.extraMiB <= extraMiBMax && latency.p99Ratio <= p99RatioMax;
  const ok = isCutOff && isBounded && Object.values(faults).every((count) => count === 0);
  const counts = { rounds: rounds.length, cutOffs: cutOffs.length, gaps: sum(({ gaps }) => gaps) };
  const slowest = {
    cutOffSecondsMost: round(Math.max(0, ...cutOffs)),
    postsPerSecondLeast: Math.min(...runs.map(({ postsPerSecond }) => postsPerSecond)),
  };
  return { ok, figures: { ...counts, ...memory, ...latency, ...slowest, ...faults } };
}
