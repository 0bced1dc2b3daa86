import { type ChannelCredentials, Client, credentials as channelCredentials, Metadata } from "@grpc/grpc-js";
import { ConfabError } from "../errors/errors.js";
import { fromGrpcError } from "../errors/grpc-error.js";
import { rpcCall, rpcOutcome } from "../tracing/conventions.js";
import type { CallTrace, Span, Tracing } from "../tracing/tracing.js";
import { requestBytesMax, responseBytesMax } from "./limits.js";
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

/** Passes unary calls on to another server, without a look at what they hold. */
export class Forwarder {
  readonly #client: Client;

  /** @param address `host:port` */
  constructor(
    private readonly address: string,
    credentials: ChannelCredentials = channelCredentials.createInsecure(),
    private readonly tracing?: Tracing,
  ) {
    this.#client = new Client(address, credentials, {
      "grpc.max_send_message_length": requestBytesMax,
      "grpc.max_receive_message_length": responseBytesMax,
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
    const { name, attributes } = rpcCall(path, this.address);
    return this.tracing.start(name, { kind: "client", parent: trace.span.traceparent, attributes });
  }

  /** Ends the connection; calls under way fail. Safe to call twice. */
  close(): void {
    this.#client.close();
  }
}
