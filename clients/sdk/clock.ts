import type { Clock } from "../../lib/clock/clock.js";

/** Longest time that `setTimeout` takes, in ms. */
const timeoutMsMax = 2 ** 31 - 1;

/** The machine's clock, as browsers have it too. */
export const portableClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, timeoutMsMax));
    return { cancel: () => clearTimeout(timer) };
  },
  endOfTurn: (call) => queueMicrotask(call),
};
