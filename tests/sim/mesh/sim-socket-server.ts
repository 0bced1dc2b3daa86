import type { ClientConnection } from "../../../services/gateway/core/session.js";
import type { SocketDoor, SocketEnd, SocketOffer, SocketServer } from "../../../services/gateway/sockets.js";
import type { PipeEnd } from "../lane.js";
import type { SimNode } from "../node.js";
import type { ServerSocket, SimSockets, SocketData } from "../sim-sockets.js";

/** Close code of a socket that was not let in (RFC 6455, section 7.4: policy violation). */
const refusedCode = 1008;

/**
 * A gateway's socket server over simulated sockets. The first frame of a client stands for its upgrade
 * request: the JSON of a `SocketOffer`. A publication reaches those in the topic at that moment, after what
 * was sent to each before.
 */
export class SimSocketServer implements SocketServer {
  private readonly topics = new Map<string, Set<ServerSocket>>();
  private readonly open = new Set<ServerSocket>();
  private stopListening = () => {};

  constructor(
    private readonly sockets: SimSockets,
    private readonly node: SimNode,
  ) {}

  async listen(address: string, door: SocketDoor): Promise<number> {
    this.stopListening = this.sockets.listen(this.node, address, (socket) => this.take(socket, door));
    return Number(address.slice(address.lastIndexOf(":") + 1));
  }

  publish(topic: string, frame: string | Uint8Array): void {
    const { coverage } = this.node.world;
    for (const socket of this.topics.get(topic) ?? []) {
      coverage.hit("topic.published");
      socket.send(frame);
    }
  }

  close(): void {
    this.stopListening();
    for (const socket of this.open) socket.close({ code: 1001, reason: "the server closed" });
  }

  private take(socket: ServerSocket, door: SocketDoor): PipeEnd<SocketData> {
    let end: SocketEnd | undefined;
    let offered = false;
    const early: SocketData[] = [];
    this.open.add(socket);
    const letIn = async (offer: SocketOffer) => {
      const welcome = await door(offer);
      if (!this.open.has(socket)) return;
      if (welcome instanceof Error) return socket.close({ code: refusedCode, reason: welcome.code });
      end = welcome.opened(this.connectionOf(socket));
      for (const data of early) end.received(data);
    };
    return {
      received: (data) => {
        if (end) return end.received(data);
        if (offered) early.push(data);
        else void letIn(JSON.parse(String(data)));
        offered = true;
      },
      closed: () => {
        this.open.delete(socket);
        for (const members of this.topics.values()) members.delete(socket);
        end?.closed();
      },
    };
  }

  private connectionOf(socket: ServerSocket): ClientConnection {
    return {
      format: "json",
      canJoin: true,
      bufferedBytes: () => socket.bufferedBytes(),
      send: (frame) => socket.send(frame),
      join: (topic) => {
        if (!this.open.has(socket)) return;
        const members = this.topics.get(topic) ?? new Set();
        this.topics.set(topic, members.add(socket));
      },
      leave: (topic) => void this.topics.get(topic)?.delete(socket),
      close: (code, reason) => socket.close({ code, reason }),
    };
  }
}
