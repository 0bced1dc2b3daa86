import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../clock/clock.js";
import type { Log } from "../log/log.js";
import { meshConnectionsMax } from "./limits.js";

/** Accepts TCP connections, and knows them, so that none can outlast it. */
export class TcpListener {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(log: Log, accepted: (socket: Socket) => void) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      // Whoever speaks over it is told by `close`.
      socket.on("error", () => {});
      accepted(socket);
    });
    this.#server.maxConnections = meshConnectionsMax;
    this.#server.on("error", (error) => log.error({ err: error }, "a connection could not be accepted"));
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
