import type { Clock } from "../../../lib/clock/clock.js";
import { fromConnectFailure } from "../../../lib/errors/connect-error.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { formatTraceparent, makeTraceId } from "../../../lib/tracing/traceparent.js";
import type { Lifetime } from "../lifetime.js";
import type { Fetch, Source } from "../options.js";
import { certificateFault } from "../tls/certificate-fault.js";

/** Header by which a call names its trace, and an answer. */
const traceparentKey = "traceparent";
const traceIdKey = "x-trace-id";

/** Is told the id of the trace that the server made of a call: 32 hexadecimal digits. */
export type TraceListener = (traceId: string) => void;

/** What calls take. */
export interface CallerParts {
  /** Base URL of the web service. */
  readonly url: Source;
  readonly token: Source;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends calls under way. */
  readonly lifetime: Lifetime;
}

/** Calls methods of the contract as JSON over HTTP, once each. */
export class Caller {
  constructor(private readonly parts: CallerParts) {}

  /**
   * The answer of a method, as JSON.
   *
   * @param path for instance `/confab.v1.Messaging/PostMessage`
   * @param trace has the call traced, and is told the id of its trace
   * @throws ConfabError as the server names it; `unavailable` when it is not reached, `deadline_exceeded`
   */
  async call(path: string, request: unknown, timeoutMs: number, trace?: TraceListener): Promise<unknown> {
    const { clock, lifetime } = this.parts;
    const abort = new AbortController();
    const end = () => abort.abort();
    let late = false;
    const timer = clock.after(timeoutMs, () => {
      late = true;
      end();
    });
    const forget = lifetime.onEnd(end);
    try {
      const server = await this.#find(abort.signal);
      return await this.#ask(server, path, request, { timeoutMs, signal: abort.signal, trace });
    } catch (error) {
      if (late) throw new ConfabError("deadline_exceeded");
      if (lifetime.isOver) throw new ConfabError("unavailable", "", "the client was closed");
      throw error;
    } finally {
      timer.cancel();
      forget();
    }
  }

  /** Where the server is now, and the token for it. */
  #find(signal: AbortSignal): Promise<Found> {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      const asked = Promise.all([ask(this.parts.url), ask(this.parts.token)]);
      asked.then(([url, token]) => resolve({ base: url.replace(/\/+$/, ""), token }), reject);
    });
  }

  async #ask({ base, token }: Found, path: string, request: unknown, { timeoutMs, signal, trace }: Try) {
    const headers: Record<string, string> = {
      "content-type": "application/json",
      authorization: `Bearer ${token}`,
      "connect-protocol-version": "1",
      "connect-timeout-ms": String(Math.max(1, Math.floor(timeoutMs))),
    };
    if (trace) headers[traceparentKey] = newTraceparent(this.parts.random);
    const body = JSON.stringify(request);
    try {
      const response = await this.parts.fetch(base + path, { method: "POST", headers, body, signal });
      const traceId = trace && response.headers?.get(traceIdKey);
      if (traceId) trace?.(traceId);
      const text = await response.text();
      if (response.status !== 200) throw fromConnectFailure(response.status, text);
      return JSON.parse(text) as unknown;
    } catch (error) {
      if (error instanceof ConfabError) throw error;
      const untrusted = certificateFault(base, error);
      if (untrusted) throw untrusted;
      throw new ConfabError("unavailable", "", `${base}: ${explain(error)}`);
    }
  }
}

/** Of a trace that is to be kept (https://www.w3.org/TR/trace-context/). */
function newTraceparent(random: () => number): string {
  const [traceId, spanId] = [makeTraceId(32, random), makeTraceId(16, random)];
  return formatTraceparent({ traceId, spanId, isSampled: true });
}

interface Found {
  readonly base: string;
  readonly token: string;
}

interface Try {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly trace: TraceListener | undefined;
}

async function ask(source: Source): Promise<string> {
  return typeof source === "string" ? source : source();
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
