import { isIPv6 } from "node:net";
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  credentials as channelCredentials,
  Metadata,
} from "@grpc/grpc-js";
import { parseAddress } from "../config/values.js";
import { ConfabError } from "../errors/errors.js";
import { fromGrpcError } from "../errors/grpc-error.js";
import { rpcCall, rpcOutcome } from "../tracing/conventions.js";
import type { CallTrace, Span, Tracing } from "../tracing/tracing.js";
import { keepaliveAfterMs, keepaliveTimeoutMs, requestBytesMax, responseBytesMax } from "./limits.js";
import { traceparentKey } from "./trace.js";

/** One call that is passed on. */
export interface ForwardedCall {
  /** For instance `/confab.v1.Messaging/PostMessage`. */
  readonly path: string;
  /** The encoded request. */
  readonly request: Uint8Array;
  /** The `authorization` of whoever calls; it is passed on as it is. */
  readonly authorization: string;
  readonly timeoutMs: number;
  /** Cancels the call, when whoever calls has gone. */
  readonly signal: AbortSignal;
  /** Of the request on behalf of which it is made. */
  readonly trace?: CallTrace | undefined;
}

/** First and longest wait before a server that could not be reached is tried again, in ms. */
const reconnectMs = { first: 100, max: 2000 };
/** Shortest time between two looks at who is behind a name, in ms. */
const resolveAgainMs = 2000;
/** Every server there is takes calls in its turn, as far as it can be reached. */
const roundRobin = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });

/**
 * Passes unary calls on to other servers, without a look at what they hold. A call that no server was sent
 * goes to another one; a call that was sent is not sent again, as nobody knows what became of it.
 */
export class Forwarder {
  readonly #client: Client;

  /** Whom calls are made to, where there is one only. */
  readonly #peer: string | undefined;

  /**
   * @param addresses one `host:port`, several `IP:port`, or one `dns:///name:port` of any number
   * @param options of the connections, besides the usual ones
   */
  constructor(
    addresses: string | readonly string[],
    credentials: ChannelCredentials = channelCredentials.createInsecure(),
    private readonly tracing?: Tracing,
    options: ChannelOptions = {},
  ) {
    const all = [addresses].flat();
    this.#peer = all.length === 1 ? all[0] : undefined;
    this.#client = new Client(targetOf(all), credentials, {
      "grpc.max_send_message_length": requestBytesMax,
      "grpc.max_receive_message_length": responseBytesMax,
      "grpc.service_config": roundRobin,
      "grpc.keepalive_time_ms": keepaliveAfterMs,
      "grpc.keepalive_timeout_ms": keepaliveTimeoutMs,
      "grpc.initial_reconnect_backoff_ms": reconnectMs.first,
      "grpc.max_reconnect_backoff_ms": reconnectMs.max,
      "grpc.dns_min_time_between_resolutions_ms": resolveAgainMs,
      ...options,
    });
  }

  /**
   * The encoded answer.
   *
   * @throws ConfabError as the server names it; `frame_too_large` for requests that no server takes
   */
  call({ path, request, authorization, timeoutMs, signal, trace }: ForwardedCall): Promise<Uint8Array> {
    if (request.length > requestBytesMax) {
      return Promise.reject(new ConfabError("frame_too_large", "", "the request is larger than the limit"));
    }
    const metadata = new Metadata();
    metadata.set("authorization", authorization);
    const span = this.#begin(path, trace);
    const traceparent = span?.traceparent ?? trace?.onward;
    if (traceparent) metadata.set(traceparentKey, traceparent);
    const deadline = Date.now() + timeoutMs;
    const encode = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const same = (bytes: Buffer): Uint8Array => bytes;
    return new Promise((resolve, reject) => {
      const cancel = () => call.cancel();
      const call = this.#client.makeUnaryRequest(path, encode, same, request, metadata, { deadline }, done);
      function done(error: Error | null, response?: Uint8Array) {
        signal.removeEventListener("abort", cancel);
        const failure = error || !response ? fromGrpcError(error) : undefined;
        span?.set(rpcOutcome(failure?.code));
        span?.end(failure?.code);
        if (failure) reject(failure);
        else resolve(response!);
      }
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel, { once: true });
    });
  }

  #begin(path: string, trace: CallTrace | undefined): Span | undefined {
    if (!trace?.span || !this.tracing) return undefined;
    const { name, attributes } = rpcCall(path, this.#peer);
    return this.tracing.start(name, { kind: "client", parent: trace.span.traceparent, attributes });
  }

  /** Ends the connection; calls under way fail. Safe to call twice. */
  close(): void {
    this.#client.close();
  }
}

/** Several addresses as one name (https://github.com/grpc/grpc/blob/master/doc/naming.md). */
function targetOf(addresses: readonly string[]): string {
  const [first = "", ...more] = addresses;
  if (more.length === 0) return first;
  return `${isIPv6(parseAddress(first)?.host ?? "") ? "ipv6" : "ipv4"}:${addresses.join(",")}`;
}
