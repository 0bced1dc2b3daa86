import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock/clock.js";

/** Accepts TCP connections, and knows them, so that none can outlast it. */
export class TcpListener {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(accepted: (socket: Socket) => void) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      accepted(socket);
    });
  }

  /** Listens at `host:port` (port 0 picks one); resolves with that address, its port resolved. */
  async listen(address: string): Promise<string> {
    const { hostname, port } = new URL(`tcp://${address}`);
    this.#server.listen({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    await once(this.#server, "listening");
    return `${hostname}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Accepts nobody any more; resolves when all connections have ended, those after `graceMs` by force. */
  async close(clock: Clock, graceMs: number): Promise<void> {
    const timer = clock.after(graceMs, () => {
      for (const socket of this.#sockets) socket.destroy();
    });
    await new Promise((resolve) => this.#server.close(resolve));
    timer.cancel();
  }
}
