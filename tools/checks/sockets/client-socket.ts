import type { WebSocket } from "ws";
import { z } from "zod";
import { ClientFrame, ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { Position } from "../../../gen/confab/v1/types.js";
import { openSocket, request, type Server } from "../server.js";

const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });

/** Receives what comes over a socket. */
export interface SocketListener {
  frame(frame: ServerFrame): void;
  /** The socket ended, and not because its own side ended it. */
  closed(code: number): void;
}

/** A client's WebSocket, with a ticket got as any client gets it. */
export class ClientSocket {
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket, listener: SocketListener) {
    this.#socket = socket;
    this.#socket.on("message", (data) => listener.frame(ServerFrame.fromJSON(JSON.parse(data.toString()))));
    this.#socket.on("close", (code) => listener.closed(code));
    this.#socket.on("error", () => {});
  }

  /** Resolves once the socket is open; the first frame is the server's hello. */
  static async open(server: Omit<Server, "grpc" | "ws">, listener: SocketListener): Promise<ClientSocket> {
    const headers = { authorization: `Bearer ${server.token}` };
    const answer = await request(server, "/api/rtm.connect", { method: "POST", headers });
    const text = await answer.text();
    const { data } = connectSchema.safeParse(JSON.parse(text));
    if (!data) throw new Error(`rtm.connect answered ${text}`);
    const subprotocols = ["confab.v1.json", `confab.ticket.${data.ticket}`];
    const client = new ClientSocket(openSocket(server, data.url, subprotocols), listener);
    await new Promise<void>((resolve, reject) => {
      client.#socket.once("open", resolve);
      client.#socket.once("error", reject);
    });
    return client;
  }

  send(frame: NonNullable<ClientFrame["frame"]>, requestId = 1): void {
    this.#socket.send(JSON.stringify(ClientFrame.toJSON({ requestId, frame })));
  }

  /** Asks for channels, each from behind a position or from now on. */
  subscribe(channels: ReadonlyMap<string, Position | undefined>): void {
    const wanted = [...channels].map(([channelId, position]) => ({ channelId, position }));
    this.send({ $case: "subscribe", value: { all: false, channels: wanted } });
  }

  /** Reads nothing more from the network until `read`. */
  stall(): void {
    this.#socket.pause();
  }

  read(): void {
    this.#socket.resume();
  }

  /** Ends the connection in the middle of whatever comes over it; nothing more is heard of it. */
  drop(): void {
    this.#forget();
    this.#socket.terminate();
  }

  /** Ends the connection in order; nothing more is heard of it. */
  close(): void {
    this.#forget();
    this.#socket.close();
  }

  #forget(): void {
    this.#socket.removeAllListeners("message");
    this.#socket.removeAllListeners("close");
  }
}
