import type { ClientConnection } from "../../services/gateway/core/session.js";
import type { SocketDoor, SocketEnd, SocketServer } from "../../services/gateway/sockets.js";

/** What a client of `MemorySockets` does when a frame comes. */
export type Received = (frame: string) => void;

/** Sockets of one gateway without a network: JSON, and no topics. */
export class MemorySockets implements SocketServer {
  #door: SocketDoor | undefined;

  async listen(_address: string, door: SocketDoor): Promise<number> {
    this.#door = door;
    return 1;
  }

  publish(): void {
    throw new Error("nobody joined a topic");
  }

  close(): void {}

  /** Connects with a ticket; the result sends frames. */
  async connect(ticket: string, received: Received): Promise<(frame: object) => void> {
    const subprotocols = ["confab.v1.json", `confab.ticket.${ticket}`];
    const welcome = await this.#door!({ subprotocols, origin: undefined, host: "" });
    if (welcome instanceof Error) throw welcome;
    const ends: SocketEnd[] = [];
    const connection: ClientConnection = {
      format: "json",
      canJoin: false,
      bufferedBytes: () => 0,
      send: (frame) => received(String(frame)),
      join: () => {},
      leave: () => {},
      close: () => ends[0]?.closed(),
    };
    ends.push(welcome.opened(connection));
    return (frame) => ends[0]!.received(JSON.stringify(frame));
  }
}
