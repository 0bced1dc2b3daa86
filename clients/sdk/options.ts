import type { Clock } from "../../lib/clock/clock.js";
import type { ConfabError } from "../../lib/errors/errors.js";
import type { SessionState } from "./core/session-outside.js";
import type { OpenSocket } from "./realtime/socket.js";

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    method: "POST";
    headers: Record<string, string>;
    body: string;
    signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  /** Only the id of a call's trace is looked for there. */
  readonly headers?: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** A value, or what is asked for it before each try: what it throws is the failure of that try. */
export type Source = string | (() => string | Promise<string>);

/** Whom to connect to, and as whom. */
export interface ClientOptions {
  /** Base URL of the web service, for instance `http://localhost:8065`. */
  readonly url: Source;
  /** A user's or bot's token. */
  readonly token: Source;
  /** Region whose gateways are nearest; empty lets the server choose. */
  readonly region?: string;
  /** For how long calls that may be repeated, and posts, are tried, in ms; a minute unless given. */
  readonly timeoutMs?: number;
  /** Is told how the connection for subscriptions fares, and what ended the one before. */
  readonly onState?: (state: SessionState, error?: ConfabError) => void;
  /** Makes WebSockets; the runtime's own unless given. */
  readonly webSocket?: OpenSocket;
  /** Makes HTTP requests; the runtime's own unless given. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** A number from 0 to below 1: for jitter, and for ids that only have to be unlikely to repeat. */
  readonly random?: () => number;
}
