import type { OnRefused } from "../rate-limit/refuse.js";
import type { Metrics } from "./metrics.js";

/** Counts and times calls by method and code. Methods must be those of a contract, not what callers write. */
export function callMeter(metrics: Metrics, face: "rpc" | "api") {
  const calls = metrics.counter(face === "rpc" ? "rpcCalls" : "apiCalls");
  const seconds = metrics.histogram(face === "rpc" ? "rpcSeconds" : "apiSeconds");
  return {
    called(method: string, code: string, ms: number): void {
      calls.inc({ method, code });
      seconds.observe({ method, code }, ms / 1000);
    },
  };
}

/** Counts refusals by the limit that was reached. */
export function refusalCounter(metrics: Metrics): OnRefused {
  const refusals = metrics.tally("rateLimited", "limit", ["user", "token", "user_connects"]);
  return (limit) => refusals.add(limit, 1);
}
