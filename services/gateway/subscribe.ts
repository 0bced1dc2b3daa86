import { ConfabError } from "../../lib/errors/errors.js";
import { socketBufferedBytesMax } from "../../lib/limits/limits.js";
import type { RpcStream, StreamHandler } from "../../lib/rpc/stream.js";
import { closeCodes } from "./close-codes.js";
import type { ClientConnection, Identity } from "./core/session.js";
import { makeConnectionId } from "./door.js";
import type { SocketEnd } from "./sockets.js";

/** Takes in a connection whose identity is proved. */
type Connect = (connection: ClientConnection, identity: Identity) => SocketEnd;

/**
 * `Realtime.Subscribe`: the frames of the socket protocol as a gRPC stream, with the same sessions behind
 * it.
 */
export function subscribeHandler(connect: Connect, random: () => number): StreamHandler {
  return (stream) => {
    const identity = { ...stream.caller, connectionId: makeConnectionId(random) };
    return connect(connectionOf(stream), identity);
  };
}

/** A gRPC stream joins no topics: everything is sent to it by hand, unopened. */
function connectionOf(stream: RpcStream): ClientConnection {
  return {
    format: "proto",
    canJoin: false,
    join: () => {},
    leave: () => {},
    bufferedBytes: () => stream.bufferedBytes(),
    send: (frame) => {
      if (typeof frame === "string") return;
      stream.send(frame);
      if (stream.bufferedBytes() > socketBufferedBytesMax) stream.end(new ConfabError("slow_consumer"));
    },
    close: (code, reason) => stream.end(errorOf(code, reason)),
  };
}

/** A client that may come back is told so by a code of gRPC that says it. */
function errorOf(code: number, reason: string): ConfabError {
  const isFrameTooLarge = code === closeCodes.frame_too_large.code;
  return new ConfabError(isFrameTooLarge ? "frame_too_large" : "unavailable", "", reason);
}
