import { performance } from "node:perf_hooks";
import type { Clock } from "./clock.js";

/** Longest time that `setTimeout` takes, in ms. */
const timeoutMsMax = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: wallClock(),
  after(ms, call) {
    let left = ms;
    let timer = setTimeout(next, Math.min(left, timeoutMsMax));
    function next() {
      left -= timeoutMsMax;
      if (left <= 0) return call();
      timer = setTimeout(next, Math.min(left, timeoutMsMax));
    }
    return { cancel: () => clearTimeout(timer) };
  },
  endOfTurn(call) {
    setImmediate(call);
  },
};

/**
 * Wall-clock milliseconds; the fractions come from the monotonic clock, aligned anew when the wall clock
 * moves.
 */
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
