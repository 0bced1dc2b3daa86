import type { Check, Figures } from "./check.js";
import type { Line } from "./print.js";
import { inRoom } from "./room.js";

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
  return inRoom(
    check.name,
    signal,
    async (room) => {
      const progress = (step: string, figures?: Figures) =>
        print({ check: check.name, step, seconds: seconds(), ...figures });
      const context = { ...room, signal, chosen, progress, found: print };
      const { ok, figures, details } = await check.run(context, flags);
      return { check: check.name, ok, seconds: seconds(), ...figures, ...details };
    },
    (error) => ({ check: check.name, ok: false, seconds: seconds(), error }),
  );
}
