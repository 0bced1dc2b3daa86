import type { Clock, Timer } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import type { BoundedCall, RawCall, Serve } from "./call.js";
import { deadlineDefaultMs, deadlineMaxMs } from "./limits.js";

/** Gives every call an end: the client's deadline, the usual one without it, never more than the longest. */
export function boundByDeadline(clock: Clock, next: Serve<BoundedCall>): Serve<RawCall> {
  return async (call) => {
    const nowMs = clock.now();
    const wishedMs = Number.isFinite(call.clientDeadlineMs)
      ? call.clientDeadlineMs
      : nowMs + deadlineDefaultMs;
    const deadlineMs = Math.min(wishedMs, nowMs + deadlineMaxMs);
    let timer: Timer | undefined;
    const expiry = new Promise<never>((_, reject) => {
      timer = clock.after(Math.max(0, deadlineMs - nowMs), () => {
        const error = new ConfabError("deadline_exceeded");
        call.abort.abort(error);
        reject(error);
      });
    });
    try {
      return await Promise.race([next({ ...call, deadlineMs }), expiry]);
    } finally {
      timer?.cancel();
    }
  };
}
