import { type ChannelCredentials, Client, credentials as channelCredentials, Metadata } from "@grpc/grpc-js";
import { ConfabError } from "../errors/errors.js";
import { fromGrpcError } from "../errors/grpc-error.js";
import { requestBytesMax, responseBytesMax } from "./limits.js";

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
}

/** Passes unary calls on to another server, without a look at what they hold. */
export class Forwarder {
  readonly #client: Client;

  /** @param address `host:port` */
  constructor(address: string, credentials: ChannelCredentials = channelCredentials.createInsecure()) {
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
  call({ path, request, authorization, timeoutMs, signal }: ForwardedCall): Promise<Uint8Array> {
    if (request.length > requestBytesMax) {
      return Promise.reject(new ConfabError("frame_too_large", "", "the request is larger than the limit"));
    }
    const metadata = new Metadata();
    metadata.set("authorization", authorization);
    const deadline = Date.now() + timeoutMs;
    const encode = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const same = (bytes: Buffer): Uint8Array => bytes;
    return new Promise((resolve, reject) => {
      const cancel = () => call.cancel();
      const call = this.#client.makeUnaryRequest(path, encode, same, request, metadata, { deadline }, done);
      function done(error: Error | null, response?: Uint8Array) {
        signal.removeEventListener("abort", cancel);
        if (error || !response) reject(fromGrpcError(error));
        else resolve(response);
      }
      if (signal.aborted) cancel();
      else signal.addEventListener("abort", cancel, { once: true });
    });
  }

  /** Ends the connection; calls under way fail. Safe to call twice. */
  close(): void {
    this.#client.close();
  }
}
