import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check } from "./check.js";
import type { Line } from "./print.js";

/** Runs a check in a folder of its own and cleans up behind it; resolves with its last line. */
export async function runCheck(
  check: Check,
  flags: Readonly<Record<string, number>>,
  signal: AbortSignal,
  print: (line: Line) => void,
  chosen: Readonly<Record<string, string>> = {},
): Promise<Line> {
  const began = performance.now();
  const seconds = () => Math.round(performance.now() - began) / 1000;
  const closers: (() => void | Promise<void>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), `confab-${check.name}-`));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const work = check.run(
      {
        folder,
        signal,
        progress: (step, figures) => print({ check: check.name, step, seconds: seconds(), ...figures }),
        defer: (close) => void closers.push(close),
      },
      flags,
      chosen,
    );
    const { ok, figures } = await Promise.race([work, rejectOn(signal)]);
    return { check: check.name, ok, seconds: seconds(), ...figures };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { check: check.name, ok: false, seconds: seconds(), error: reason };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error("interrupted"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
