import type { CallerLimits } from "../rate-limit/caller-limits.js";
import type { AuthenticatedCall, Serve } from "./call.js";
import { costOf } from "./costs.js";

/** Refuses calls of those who ask too much, before anything is done for them. */
export function limitRate(
  limits: Pick<CallerLimits, "call">,
  next: Serve<AuthenticatedCall>,
): Serve<AuthenticatedCall> {
  return async (call) => {
    limits.call(call.caller, costOf(call.path, call.request));
    return next(call);
  };
}
