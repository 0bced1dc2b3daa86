import { inRoom } from "../tools/checks/room.js";
import type { Bench, BenchContext, Last, Line } from "./bench.js";
import { spreadOf } from "./measure/spread.js";

/** Runs a benchmark in a folder of its own and cleans up behind it; resolves with the last line. */
export async function runBench(
  bench: Bench,
  flags: Readonly<Record<string, number>>,
  options: Pick<BenchContext, "profileFolder"> & {
    readonly signal: AbortSignal;
    readonly chosen?: Readonly<Record<string, string>>;
  },
  print: (line: Line) => void,
): Promise<Last> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  return inRoom<Last>(
    `bench-${bench.name}`,
    options.signal,
    async (room) => {
      const progress = (step: string) => print({ bench: bench.name, step });
      const { profileFolder, chosen = {} } = options;
      const { rounds, faults } = await bench.run({ ...room, profileFolder, chosen, progress }, flags);
      const spreads = Object.entries(rounds).map(([figure, values]) => [figure, spreadOf(values)] as const);
      for (const [figure, spread] of spreads) print({ bench: bench.name, figure, ...spread });
      const ok = Object.values(faults).every((count) => count === 0);
      return { bench: bench.name, ok, seconds: seconds(), faults, figures: Object.fromEntries(spreads) };
    },
    (error) => ({ bench: bench.name, ok: false, seconds: seconds(), error }),
  );
}
