import { once } from "node:events";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocket } from "ws";
import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Position } from "../../../lib/ids/ids.js";

/** How long opening may take, in milliseconds. */
const openMsMax = 10_000;
/** Largest frame that is taken, in bytes. */
const frameBytesMax = 16 * 1024 * 1024;
/** Gateways close with codes from this on when reconnecting is of no use. */
const finalCodesFrom = 4500;

/** A frame of a client, in the contract's JSON. */
export type Wish =
  | { readonly ping: object }
  | {
      readonly requestId: number;
      readonly subscribe: { readonly channels: { channelId: string; position?: Position | undefined }[] };
    };

/** One connection to a gateway. */
export class GatewaySocket {
  /** Something came from the gateway. */
  onSign: () => void = () => {};
  #closed = { code: 1006, reason: "" };
  readonly #stream: Duplex;

  private constructor(private readonly socket: WebSocket) {
    // From the first on, as the gateway speaks first.
    this.#stream = createWebSocketStream(socket, { readableObjectMode: true });
    // It also comes to whoever reads the frames.
    this.#stream.on("error", () => {});
    socket.on("close", (code, reason) => {
      this.#closed = { code, reason: reason.toString("utf8") };
    });
    for (const sign of ["message", "ping", "pong"] as const) socket.on(sign, () => this.onSign());
  }

  /** Connects with a ticket. @throws ConfabError `unavailable` */
  static async open(url: string, ticket: string, stop: AbortSignal): Promise<GatewaySocket> {
    const options = { handshakeTimeout: openMsMax, maxPayload: frameBytesMax, perMessageDeflate: false };
    const socket = new WebSocket(url, ["confab.v1.json", `confab.ticket.${ticket}`], options);
    const opened = new GatewaySocket(socket);
    try {
      await once(socket, "open", { signal: stop });
    } catch (error) {
      opened.close();
      throw new ConfabError("unavailable", "", `${url}: ${error instanceof Error ? error.message : error}`);
    }
    return opened;
  }

  /** Whether the reader is behind, so that nothing is taken from the network. */
  get isPaused(): boolean {
    return this.socket.isPaused;
  }

  send(wish: Wish): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(wish));
  }

  /** The frames as they come; what is not read yet waits in the network. To be called once. */
  async *frames(): AsyncGenerator<ServerFrame> {
    try {
      for await (const text of this.#stream) yield ServerFrame.fromJSON(JSON.parse(String(text)));
    } finally {
      this.close();
    }
  }

  /** Why the frames ended. */
  get ending(): ConfabError {
    const { code, reason } = this.#closed;
    const words = `the gateway closed the connection: ${reason || "without a reason"} (${code})`;
    return new ConfabError(code >= finalCodesFrom ? "internal" : "unavailable", "", words);
  }

  /** Ends the connection at once. Safe to call twice. */
  close(): void {
    this.#stream.destroy();
  }
}
