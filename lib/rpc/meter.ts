import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import type { RawCall, Serve } from "./call.js";

/** Told of every call. */
export interface RpcMeter {
  /**
   * @param method its path, for instance `/confab.v1.Messaging/PostMessage`
   * @param code `ok` or the name of the error
   */
  called(method: string, code: string, ms: number): void;
}

/** Measures calls, whatever becomes of them. */
export function meter<Call extends RawCall>(rpc: RpcMeter, clock: Clock, next: Serve<Call>): Serve<Call> {
  return async (call) => {
    const began = clock.now();
    let code = "ok";
    try {
      return await next(call);
    } catch (error) {
      code = error instanceof ConfabError ? error.code : "internal";
      throw error;
    } finally {
      rpc.called(call.path, code, Math.max(0, clock.now() - began));
    }
  };
}
