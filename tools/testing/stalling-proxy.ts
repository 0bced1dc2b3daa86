import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Which way bytes go: from clients to the server, or back. */
export type Direction = "requests" | "answers";

interface Pair {
  readonly requests: Socket;
  readonly answers: Socket;
}

/** Stands between clients and a TCP server; can hold back what goes either way, or cut all connections. */
export class StallingProxy {
  readonly #pairs = new Set<Pair>();
  readonly #stalled = new Set<Direction>();

  private constructor(private readonly server: Server) {}

  /** Listens on a free port of loopback. */
  static async before(target: { readonly host: string; readonly port: number }): Promise<StallingProxy> {
    const server = createServer((socket) => proxy.#join(socket, connect(target)));
    const proxy = new StallingProxy(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: "127.0.0.1", port: (this.server.address() as AddressInfo).port };
  }

  /** From now on nothing goes this way, until `resume` lets it all through, late. */
  stall(direction: Direction): void {
    this.#stalled.add(direction);
    for (const pair of this.#pairs) pair[direction].pause();
  }

  resume(): void {
    this.#stalled.clear();
    for (const { requests, answers } of this.#pairs) {
      requests.resume();
      answers.resume();
    }
  }

  /** Ends all connections; what was held back is lost. */
  cut(): void {
    for (const { requests, answers } of this.#pairs) {
      requests.destroy();
      answers.destroy();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.cut();
    await closed;
  }

  #join(requests: Socket, answers: Socket): void {
    const pair = { requests, answers };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [requests, answers],
      [answers, requests],
    ] as const) {
      from.on("data", (bytes) => to.write(bytes));
      from.on("error", () => {});
      from.on("close", () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    }
    for (const direction of this.#stalled) pair[direction].pause();
  }
}
