import type { Metadata } from "@grpc/grpc-js";
import type { Caller } from "../auth/caller.js";
import type { CallTrace } from "../tracing/tracing.js";

/** A call as it came in. */
export interface RawCall {
  /** For instance `/confab.v1.Messaging/PostMessage`. */
  readonly path: string;
  readonly metadata: Metadata;
  /** Milliseconds since the Unix epoch; `Infinity` if the client set none. */
  readonly clientDeadlineMs: number;
  /** The encoded request; empty for streams. */
  readonly request: Uint8Array;
  /** Ends what is done for the call, when the client cancels it or the deadline passes. */
  readonly abort: AbortController;
  /** What is known of its trace; undefined where nobody looked. */
  readonly trace?: CallTrace;
  /** Sends the id of its trace before the answer. */
  readonly nameTrace?: (traceId: string) => void;
}

/** A call of which it is known when it ends. */
export interface BoundedCall extends RawCall {
  /** Milliseconds since the Unix epoch. */
  readonly deadlineMs: number;
}

/** A call of which it is known who makes it. */
export interface AuthenticatedCall extends BoundedCall {
  readonly caller: Caller;
}

/** Does a call: a handler, or an interceptor around the next one. */
export type Serve<Call extends RawCall> = (call: Call) => Promise<Uint8Array>;
