import { Addresses } from "./addresses.js";
import { Dial } from "./dial.js";
import type { Ending, PipeEnd } from "./lane.js";
import type { Network } from "./network.js";
import type { SimNode } from "./node.js";

/** A frame of a socket: text or bytes. */
export type SocketData = string | Uint8Array;

/** A client's socket, as the gateway holds it. */
export interface ServerSocket {
  send(data: SocketData): void;
  close(ending: Ending): void;
  /** Bytes that were sent and have not reached the client. */
  bufferedBytes(): number;
  /** Calls whenever nothing is buffered any more. */
  onDrained(call: () => void): void;
}

/** A client's socket, as the client holds it. */
export interface ClientSocket {
  send(data: SocketData): void;
  close(ending: Ending): void;
  /** Stops or goes on to read. */
  hold(held: boolean): void;
}

type Take = (socket: ServerSocket) => PipeEnd<SocketData>;

/** Sockets between clients and gateways: frames in order until they break. */
export class SimSockets {
  private readonly addresses = new Addresses<Take>();

  constructor(private readonly network: Network) {}

  /** Takes sockets at an address; returns what ends that. */
  listen(node: SimNode, address: string, take: Take): () => void {
    const offering = this.addresses.claim(node, address, take);
    return () => this.addresses.release(offering);
  }

  /** Opens a socket from a client's process. */
  connect(node: SimNode, address: string, end: PipeEnd<SocketData>): ClientSocket {
    return new Dial<SocketData, SocketData>(this.network, node, end, address, () => {
      const offering = this.addresses.find(address);
      if (!offering) return undefined;
      return {
        node: offering.node,
        accept: (pipe) =>
          offering.offer({
            send: (data) => pipe.down.send(data),
            close: (ending) => pipe.close("acceptor", ending),
            bufferedBytes: () => pipe.down.underWay().reduce((bytes, data) => bytes + data.length, 0),
            onDrained: (call) => {
              pipe.down.drained = call;
            },
          }),
      };
    });
  }
}
