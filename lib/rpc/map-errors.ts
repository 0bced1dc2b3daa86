import { ConfabError } from "../errors/errors.js";
import type { Log } from "../log/log.js";
import { traceFields } from "../tracing/tracing.js";
import type { RawCall, Serve } from "./call.js";

/**
 * Lets nothing out but named errors: whatever else is thrown is logged, and the caller learns `internal`
 * only.
 */
export function mapErrors<Call extends RawCall>(log: Log, next: Serve<Call>): Serve<Call> {
  return async (call) => {
    try {
      return await next(call);
    } catch (error) {
      if (error instanceof ConfabError) throw error;
      log.error({ err: error, method: call.path, ...traceFields(call.trace) }, "a call broke");
      throw new ConfabError("internal");
    }
  };
}
