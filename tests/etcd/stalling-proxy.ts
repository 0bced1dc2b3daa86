import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Which way bytes stop. */
type Direction = "there" | "back";

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** A way to a server that can stop to carry bytes in either direction, or break. */
export class StallingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #stranded: readonly Pair[] = [];
  readonly #stalled = new Set<Direction>();
  #refusing = false;

  constructor(private readonly targetPort: number) {
    this.#server = createServer((near) => this.#accept(near));
  }

  /** Opens the way; resolves with its URL. */
  async open(): Promise<string> {
    if (!this.#server.listening) {
      this.#server.listen(0, "127.0.0.1");
      await once(this.#server, "listening");
    }
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Bytes in these directions wait until `flow`. */
  stall(...directions: Direction[]): void {
    for (const direction of directions) this.#stalled.add(direction);
    this.#apply();
  }

  /** Carries bytes again, those that waited first, and lets connections in. */
  flow(): void {
    this.#stalled.clear();
    this.#refusing = false;
    this.#apply();
  }

  /** The connections that there are carry nothing any more, for ever; new ones do. */
  strand(): void {
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.pause();
    this.#stranded = [...this.#stranded, ...this.#pairs];
    this.#pairs.clear();
  }

  /** Breaks all connections and refuses new ones until `flow`. */
  cut(): void {
    this.#refusing = true;
    for (const { near, far } of [...this.#pairs, ...this.#stranded]) {
      for (const socket of [near, far]) socket.destroy();
    }
  }

  async close(): Promise<void> {
    this.cut();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(near: Socket): void {
    if (this.#refusing) return void near.destroy();
    const pair = { near, far: connect(this.targetPort, "127.0.0.1") };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      near.destroy();
      pair.far.destroy();
    };
    for (const [from, to] of [[near, pair.far] as const, [pair.far, near] as const]) {
      from.on("data", (bytes) => void to.write(bytes));
      from.on("error", end);
      from.on("close", end);
    }
    this.#apply();
  }

  #apply(): void {
    for (const { near, far } of this.#pairs) {
      flowOrStop(near, !this.#stalled.has("there"));
      flowOrStop(far, !this.#stalled.has("back"));
    }
  }
}

function flowOrStop(socket: Socket, flows: boolean): void {
  if (flows) socket.resume();
  else socket.pause();
}
