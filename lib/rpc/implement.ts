import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  Metadata,
  type MethodDefinition,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import type { Authenticator } from "../auth/authenticator.js";
import type { Caller } from "../auth/caller.js";
import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { fromGrpcError, toGrpcStatus } from "../errors/grpc-error.js";
import type { Log } from "../log/log.js";
import type { CallerLimits } from "../rate-limit/caller-limits.js";
import { sampledContext, type Tracing } from "../tracing/tracing.js";
import { authenticate } from "./authenticate.js";
import { boundByDeadline } from "./bound.js";
import type { AuthenticatedCall, RawCall, Serve } from "./call.js";
import { decodeRequest } from "./decode.js";
import { limitRate } from "./limit-rate.js";
import { mapErrors } from "./map-errors.js";
import { meter, type RpcMeter } from "./meter.js";
import type { RequestOf, ResponseOf, UnaryMethod } from "./methods.js";
import { type Permission, permissionOf } from "./permissions.js";
import { type StreamHandler, serveStream } from "./stream.js";
import { traceCalls, traceIdKey } from "./trace.js";

/** What a handler knows of its call. */
export interface CallContext {
  readonly caller: Caller;
  /** When the caller has gone: milliseconds since the Unix epoch. */
  readonly deadlineMs: number;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
  /** `traceparent` for what is done on behalf of it; undefined unless it is sampled. */
  readonly trace?: string | undefined;
}

/** Answers of a service's unary methods; the ones left out answer `not_implemented`. */
export type Handlers<Definition> = {
  readonly [Name in keyof Definition as Definition[Name] extends UnaryMethod ? Name : never]?: (
    request: RequestOf<Definition[Name]>,
    call: CallContext,
  ) => Promise<ResponseOf<Definition[Name]>>;
};

/** Handlers of a service's streams in both directions; the ones left out answer `not_implemented`. */
export type StreamHandlers<Definition> = {
  readonly [Name in keyof Definition as Definition[Name] extends UnaryMethod ? never : Name]?:
    | StreamHandler
    | undefined;
};

/** What every method needs besides its handler. */
export interface Surroundings {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly clock: Clock;
  readonly log: Log;
  /** Bounds what callers ask; nothing does without. */
  readonly limits?: Pick<CallerLimits, "call">;
  readonly rpcMeter?: RpcMeter;
  /** Gives calls their traces; without, they have none. */
  readonly tracing?: Tracing;
}

/** A service that a server can offer. */
export interface Implementation {
  readonly definition: ServiceDefinition;
  readonly methods: UntypedServiceImplementation;
}

/**
 * Makes a service out of its handlers: every method is authenticated, bounded in rate and time, and fails
 * with named errors.
 */
export function implement<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  surroundings: Surroundings,
  streams: StreamHandlers<Definition> = {},
): Implementation {
  const offered: Record<string, MethodDefinition<Uint8Array, Uint8Array>> = {};
  const methods: UntypedServiceImplementation = {};
  // The types of the handlers are checked one by one at the call; here they are all alike.
  const byName = handlers as Record<string, Handler | undefined>;
  const streamsByName = streams as Record<string, StreamHandler | undefined>;
  for (const [name, method] of Object.entries(definition)) {
    offered[name] = passBytes(method);
    methods[name] = method.responseStream
      ? acceptStream(method, streamsByName[name], surroundings)
      : acceptUnary(protect(method.path, answer(method, byName[name]), surroundings));
  }
  return { definition: offered, methods };
}

type AnyCall = ServerUnaryCall<Uint8Array, Uint8Array> | ServerDuplexStream<Uint8Array, Uint8Array>;
type Handler = (request: unknown, call: CallContext) => Promise<unknown>;

/** Requests are decoded behind authentication, so that garbage of strangers costs nothing. */
function passBytes(method: MethodDefinition<unknown, unknown>): MethodDefinition<Uint8Array, Uint8Array> {
  const toBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const same = (bytes: Buffer) => bytes;
  return {
    path: method.path,
    requestStream: method.requestStream,
    responseStream: method.responseStream,
    requestSerialize: toBuffer,
    requestDeserialize: same,
    responseSerialize: toBuffer,
    responseDeserialize: same,
  };
}

function answer(
  method: MethodDefinition<unknown, unknown>,
  handler: Handler | undefined,
): Serve<AuthenticatedCall> {
  return async ({ request, caller, deadlineMs, abort, trace }) => {
    if (!handler) throw notBuilt(method.path);
    const decoded = decodeRequest(method.requestDeserialize, request);
    const context = { caller, deadlineMs, signal: abort.signal, trace: sampledContext(trace) };
    return method.responseSerialize(await handler(decoded, context));
  };
}

function protect(path: string, next: Serve<AuthenticatedCall>, surroundings: Surroundings): Serve<RawCall> {
  const { authenticator, clock, log, limits, rpcMeter, tracing } = surroundings;
  const limited = limits ? limitRate(limits, next) : next;
  const safe = mapErrors(log, boundByDeadline(clock, authenticate(authenticator, demandedBy(path), limited)));
  const measured = rpcMeter ? meter(rpcMeter, clock, safe) : safe;
  return tracing ? traceCalls(tracing, measured) : measured;
}

function demandedBy(path: string): Permission {
  const permission = permissionOf(path);
  if (!permission) throw new Error(`${path} is not in the table of permissions`);
  return permission;
}

function acceptUnary(serve: Serve<RawCall>): handleUnaryCall<Uint8Array, Uint8Array> {
  return (call, callback) => {
    const nameTrace = (traceId: string) => {
      const metadata = new Metadata();
      metadata.set(traceIdKey, traceId);
      call.sendMetadata(metadata);
    };
    serve({ ...toRaw(call, call.request), nameTrace }).then(
      (response) => callback(null, response),
      (error) => callback(toGrpcStatus(fromGrpcError(error))),
    );
  };
}

/** A stream lives until one side ends it; that it was refused is told by an `error` event. */
function acceptStream(
  method: MethodDefinition<unknown, unknown>,
  handler: StreamHandler | undefined,
  { authenticator, log }: Surroundings,
): handleBidiStreamingCall<Uint8Array, Uint8Array> {
  const permission = demandedBy(method.path);
  return (call) => {
    const serve = async ({ caller }: AuthenticatedCall) => {
      if (!handler) throw notBuilt(method.path);
      await serveStream(call, caller, handler);
      return new Uint8Array();
    };
    const raw = { ...toRaw(call, new Uint8Array()), deadlineMs: Number.POSITIVE_INFINITY };
    mapErrors(
      log,
      authenticate(authenticator, permission, serve),
    )(raw).catch((error) => {
      call.emit("error", toGrpcStatus(fromGrpcError(error)));
    });
  };
}

function notBuilt(path: string): ConfabError {
  return new ConfabError("not_implemented", "", `${path} is part of the contract but not built yet`);
}

/** Every call ends by this, answered or not: the usual reason would be made anew, with its stack. */
const callerGone = new Error("the caller has gone");

function toRaw(call: AnyCall, request: Uint8Array): RawCall {
  const abort = new AbortController();
  call.on("cancelled", () => abort.abort(callerGone));
  const clientDeadlineMs = Number(call.getDeadline());
  return { path: call.getPath(), metadata: call.metadata, clientDeadlineMs, request, abort };
}
