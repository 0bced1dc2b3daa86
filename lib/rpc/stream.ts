import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { Caller } from "../auth/caller.js";
import type { ConfabError } from "../errors/errors.js";
import { toGrpcStatus } from "../errors/grpc-error.js";

/** Receives what a client sends over a stream. Nothing follows `closed`. */
export interface StreamEnd {
  /** An encoded request. */
  received(request: Uint8Array): void;
  /** What was written has gone out. */
  drained(): void;
  closed(): void;
}

/** A stream in both directions, of encoded messages. */
export interface RpcStream {
  readonly caller: Caller;
  /** Sends an encoded answer; never blocks, and does nothing once closed. */
  send(response: Uint8Array): void;
  /** Bytes that were sent and have not gone out. */
  bufferedBytes(): number;
  /** Ends the stream: in order, or with an error. */
  end(error?: ConfabError): void;
}

/** Takes a stream whose caller is known. */
export type StreamHandler = (stream: RpcStream) => StreamEnd;

/** Hands a call over to its handler; resolves when the stream has ended. */
export function serveStream(
  call: ServerDuplexStream<Uint8Array, Uint8Array>,
  caller: Caller,
  handler: StreamHandler,
): Promise<void> {
  return new Promise((resolve) => {
    let open = true;
    let buffered = 0;
    const sizes: number[] = [];
    const written = () => {
      buffered -= sizes.shift() ?? 0;
      if (open && buffered === 0) end.drained();
    };
    const finish = () => {
      if (!open) return;
      open = false;
      end.closed();
      resolve();
    };
    const stream: RpcStream = {
      caller,
      bufferedBytes: () => buffered,
      send(response) {
        if (!open) return;
        sizes.push(response.byteLength);
        buffered += response.byteLength;
        call.write(response, written);
      },
      end(error) {
        if (!open) return;
        if (error) call.emit("error", toGrpcStatus(error));
        else call.end();
        finish();
      },
    };
    const end = handler(stream);
    call.on("data", (request: Uint8Array) => open && end.received(request));
    call.on("end", () => stream.end());
    call.on("cancelled", finish);
    call.on("close", finish);
  });
}
