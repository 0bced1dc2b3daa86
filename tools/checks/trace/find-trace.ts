import { setTimeout as wait } from "node:timers/promises";
import { readTrace, type Trace } from "./jaeger-trace.js";

const pollMs = 250;
/** Exporters and collectors gather spans for some seconds. */
const completeMsMax = 15_000;

/** Asks Jaeger for a trace until nothing is wrong with it, or for so long; resolves with what it has then. */
export async function findTrace(
  jaeger: string,
  traceId: string,
  isComplete: (trace: Trace) => boolean,
): Promise<Trace | undefined> {
  let last: Trace | undefined;
  for (let ms = 0; ms < completeMsMax; ms += pollMs) {
    const response = await fetch(`${jaeger}/api/traces/${traceId}`);
    // A trace that is not there yet is no good answer.
    if (response.status === 200) last = readTrace(await response.json());
    if (last && isComplete(last)) return last;
    await wait(pollMs);
  }
  return last;
}
