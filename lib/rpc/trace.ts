import { ConfabError, type ErrorCode } from "../errors/errors.js";
import { rpcCall, rpcOutcome } from "../tracing/conventions.js";
import type { Tracing } from "../tracing/tracing.js";
import type { RawCall, Serve } from "./call.js";

/** Metadata of a call that names its trace, and of an answer. */
export const traceparentKey = "traceparent";
export const traceIdKey = "x-trace-id";

/** Gives every call its trace, and a span if it is sampled; the answer names the trace. */
export function traceCalls<Call extends RawCall>(tracing: Tracing, next: Serve<Call>): Serve<Call> {
  return async (call) => {
    const [came] = call.metadata.get(traceparentKey);
    const trace = tracing.enter(came?.toString(), () => rpcCall(call.path));
    let code: ErrorCode | undefined;
    try {
      return await next({ ...call, trace });
    } catch (error) {
      code = error instanceof ConfabError ? error.code : "internal";
      throw error;
    } finally {
      call.nameTrace?.(trace.traceId);
      trace.span?.set(rpcOutcome(code));
      trace.span?.end(code);
    }
  };
}
