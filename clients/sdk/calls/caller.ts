import type { Clock } from "../../../lib/clock/clock.js";
import { fromConnectFailure } from "../../../lib/errors/connect-error.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Lifetime } from "../lifetime.js";
import type { Fetch } from "../options.js";

/** What calls take. */
export interface CallerParts {
  /** Base URL of the web service. */
  readonly url: string;
  readonly token: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Ends calls under way. */
  readonly lifetime: Lifetime;
}

/** Calls methods of the contract as JSON over HTTP, once each. */
export class Caller {
  readonly #base: string;

  constructor(private readonly parts: CallerParts) {
    this.#base = parts.url.replace(/\/+$/, "");
  }

  /**
   * The answer of a method, as JSON.
   *
   * @param path for instance `/confab.v1.Messaging/PostMessage`
   * @throws ConfabError as the server names it; `unavailable` when it is not reached, `deadline_exceeded`
   */
  async call(path: string, request: unknown, timeoutMs: number): Promise<unknown> {
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
      return await this.#ask(path, request, timeoutMs, abort.signal);
    } catch (error) {
      if (error instanceof ConfabError) throw error;
      if (late) throw new ConfabError("deadline_exceeded");
      if (lifetime.isOver) throw new ConfabError("unavailable", "", "the client was closed");
      throw new ConfabError("unavailable", "", `${this.#base}: ${explain(error)}`);
    } finally {
      timer.cancel();
      forget();
    }
  }

  async #ask(path: string, request: unknown, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${this.parts.token}`,
      "connect-protocol-version": "1",
      "connect-timeout-ms": String(Math.max(1, Math.floor(timeoutMs))),
    };
    const body = JSON.stringify(request);
    const response = await this.parts.fetch(this.#base + path, { method: "POST", headers, body, signal });
    const text = await response.text();
    if (response.status !== 200) throw fromConnectFailure(response.status, text);
    return JSON.parse(text);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
