import { performance } from "node:perf_hooks";
import type { Clock } from "./clock.js";

/** The machine's clock. */
export const systemClock: Clock = {
  now: wallClock(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  endOfTurn(call) {
    setImmediate(call);
  },
};

/** Wall-clock milliseconds; the fractions come from the monotonic clock, aligned anew when the wall clock moves. */
function wallClock(): () => number {
  let offset = Date.now() - performance.now();
  return () => {
    const fine = performance.now() + offset;
    const coarse = Date.now();
    if (fine >= coarse && fine < coarse + 1) return fine;
    offset += coarse - fine;
    return coarse;
  };
}
