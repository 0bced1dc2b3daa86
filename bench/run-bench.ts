import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Last, Line } from "./bench.js";
import { spreadOf } from "./measure/spread.js";

/** Runs a benchmark in a folder of its own and cleans up behind it; resolves with the last line. */
export async function runBench(
  bench: Bench,
  flags: Readonly<Record<string, number>>,
  options: { readonly profileFolder: string | undefined; readonly signal: AbortSignal },
  print: (line: Line) => void,
): Promise<Last> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  const closers: (() => void | Promise<void>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), `confab-bench-${bench.name}-`));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const context = {
      folder,
      profileFolder: options.profileFolder,
      progress: (step: string) => print({ bench: bench.name, step }),
      defer: (close: () => void | Promise<void>) => void closers.push(close),
    };
    const { rounds, faults } = await Promise.race([bench.run(context, flags), untilAborted(options.signal)]);
    const spreads = Object.entries(rounds).map(([figure, values]) => [figure, spreadOf(values)] as const);
    for (const [figure, spread] of spreads) print({ bench: bench.name, figure, ...spread });
    const ok = Object.values(faults).every((count) => count === 0);
    return { bench: bench.name, ok, seconds: seconds(), faults, figures: Object.fromEntries(spreads) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { bench: bench.name, ok: false, seconds: seconds(), error: reason };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error("interrupted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
