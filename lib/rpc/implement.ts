import type {
  handleBidiStreamingCall,
  handleUnaryCall,
  MethodDefinition,
  ServerDuplexStream,
  ServerUnaryCall,
  ServiceDefinition,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";

import type { Authenticator } from "../auth/authenticator.js";
import type { Caller } from "../auth/caller.js";
import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { fromGrpcError, toGrpcStatus } from "../errors/grpc-error.js";
import type { Log } from "../log/log.js";
import { authenticate } from "./authenticate.js";
import { boundByDeadline } from "./bound.js";
import type { AuthenticatedCall, RawCall, Serve } from "./call.js";
import { decodeRequest } from "./decode.js";
import { mapErrors } from "./map-errors.js";
import type { RequestOf, ResponseOf, UnaryMethod } from "./methods.js";
import { permissionOf } from "./permissions.js";

/** What a handler knows of its call. */
export interface CallContext {
  readonly caller: Caller;
  /** When the caller has gone: milliseconds since the Unix epoch. */
  readonly deadlineMs: number;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

/** Answers of a service's unary methods; the ones left out answer `not_implemented`. */
export type Handlers<Definition> = {
  readonly [Name in keyof Definition as Definition[Name] extends UnaryMethod ? Name : never]?: (
    request: RequestOf<Definition[Name]>,
    call: CallContext,
  ) => Promise<ResponseOf<Definition[Name]>>;
};

/** What every method needs besides its handler. */
export interface Surroundings {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly clock: Clock;
  readonly log: Log;
}

/** A service that a server can offer. */
export interface Implementation {
  readonly definition: ServiceDefinition;
  readonly methods: UntypedServiceImplementation;
}

/**
 * Makes a service out of its handlers: every method is authenticated, bounded in time, and fails with named
 * errors.
 */
export function implement<Definition extends ServiceDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  surroundings: Surroundings,
): Implementation {
  const offered: Record<string, MethodDefinition<Uint8Array, Uint8Array>> = {};
  const methods: UntypedServiceImplementation = {};
  // The types of the handlers are checked one by one at the call; here they are all alike.
  const byName = handlers as Record<string, Handler | undefined>;
  for (const [name, method] of Object.entries(definition)) {
    offered[name] = passBytes(method);
    methods[name] = accept(method, protect(method.path, answer(method, byName[name]), surroundings));
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
  return async ({ request, caller, deadlineMs, abort }) => {
    if (!handler) {
      const wording = `${method.path} is part of the contract but not built yet`;
      throw new ConfabError("not_implemented", "", wording);
    }
    const decoded = decodeRequest(method.requestDeserialize, request);
    return method.responseSerialize(await handler(decoded, { caller, deadlineMs, signal: abort.signal }));
  };
}

function protect(path: string, next: Serve<AuthenticatedCall>, { authenticator, clock, log }: Surroundings) {
  const permission = permissionOf(path);
  if (!permission) throw new Error(`${path} is not in the table of permissions`);
  return mapErrors(log, boundByDeadline(clock, authenticate(authenticator, permission, next)));
}

/** The definitions have one request and one answer, or streams of both. */
function accept(method: MethodDefinition<unknown, unknown>, serve: Serve<RawCall>): UntypedHandleCall {
  return method.responseStream ? acceptStream(serve) : acceptUnary(serve);
}

function acceptUnary(serve: Serve<RawCall>): handleUnaryCall<Uint8Array, Uint8Array> {
  return (call, callback) => {
    serve(toRaw(call, call.request)).then(
      (response) => callback(null, response),
      (error) => callback(toGrpcStatus(fromGrpcError(error))),
    );
  };
}

/** No stream has a handler, so what remains is to refuse; a stream is told that by an `error` event. */
function acceptStream(serve: Serve<RawCall>): handleBidiStreamingCall<Uint8Array, Uint8Array> {
  return (call) => {
    serve(toRaw(call, new Uint8Array())).then(
      () => call.end(),
      (error) => call.emit("error", toGrpcStatus(fromGrpcError(error))),
    );
  };
}

/** Every call ends by this, answered or not: the usual reason would be made anew, with its stack. */
const callerGone = new Error("the caller has gone");

function toRaw(call: AnyCall, request: Uint8Array): RawCall {
  const abort = new AbortController();
  call.on("cancelled", () => abort.abort(callerGone));
  const clientDeadlineMs = Number(call.getDeadline());
  return { path: call.getPath(), metadata: call.metadata, clientDeadlineMs, request, abort };
}
