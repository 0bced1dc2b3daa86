import { createServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Clock, Timer } from "../../lib/clock/clock.js";
import { parseAddress } from "../../lib/config/values.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { heartbeatMs, socketBufferedBytesMax, socketFrameBytesMax } from "../../lib/limits/limits.js";
import type { ClientConnection } from "./core/session.js";
import { refusalBody, refusalStatus } from "./socket-refusal.js";
import type { SocketDoor, SocketEnd, SocketServer, SocketWelcome } from "./sockets.js";

/** One open socket. */
interface Open {
  readonly socket: WebSocket;
  readonly end: SocketEnd;
  /** There was a sign of life since the last ping. */
  alive: boolean;
}

/** WebSockets by `ws`: for versions of Node that uWebSockets.js has no binary for. */
export class WsSocketServer implements SocketServer {
  readonly #http = createServer((_request, response) => {
    response.writeHead(404, { connection: "close" }).end("only WebSockets here\n");
  });
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: socketFrameBytesMax,
    perMessageDeflate: false,
    handleProtocols: (_offered, request) => this.#welcomes.get(request)?.subprotocol ?? false,
  });
  readonly #welcomes = new WeakMap<IncomingMessage, SocketWelcome>();
  readonly #topics = new Map<string, Set<WebSocket>>();
  readonly #open = new Set<Open>();
  #heartbeat: Timer | undefined;
  #closed = false;

  constructor(private readonly clock: Clock) {}

  listen(address: string, door: SocketDoor): Promise<number> {
    const parsed = parseAddress(address);
    if (!parsed) return Promise.reject(new ConfabError("invalid_argument", "address"));
    this.#http.on("upgrade", (request, stream: Duplex, head: Buffer) => {
      void this.#upgrade(request, stream, head, door);
    });
    return new Promise((resolve, reject) => {
      this.#http.once("error", () =>
        reject(new ConfabError("unavailable", "", `cannot listen at ${address}`)),
      );
      this.#http.listen(parsed.port, parsed.host, () => {
        this.#beatLater();
        // A server that listens at a host and port has an address with a port.
        resolve((this.#http.address() as AddressInfo).port);
      });
    });
  }

  publish(topic: string, data: string | Uint8Array): void {
    for (const socket of this.#topics.get(topic) ?? []) send(socket, data);
  }

  close(): void {
    this.#closed = true;
    this.#heartbeat?.cancel();
    for (const { socket } of this.#open) socket.terminate();
    this.#sockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, door: SocketDoor): Promise<void> {
    const answer = await door(offerOf(request));
    if (stream.destroyed || this.#closed) return void stream.destroy();
    if (answer instanceof ConfabError) return refuse(stream, answer);
    this.#welcomes.set(request, answer);
    this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#opened(socket, answer));
  }

  #opened(socket: WebSocket, welcome: SocketWelcome): void {
    const open: Open = { socket, end: welcome.opened(this.#connectionOf(socket)), alive: true };
    this.#open.add(open);
    const isAlive = () => {
      open.alive = true;
    };
    socket.on("pong", isAlive);
    socket.on("ping", isAlive);
    socket.on("message", (data, isBinary) => {
      open.alive = true;
      open.end.received(isBinary ? bytesOf(data) : bytesOf(data).toString("utf8"));
    });
    // What a client does wrong ends its connection, which `close` tells.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#open.delete(open);
      for (const members of this.#topics.values()) members.delete(socket);
      open.end.closed();
    });
  }

  #connectionOf(socket: WebSocket): ClientConnection {
    return {
      send: (data) => send(socket, data),
      bufferedBytes: () => socket.bufferedAmount,
      join: (topic) => {
        const members = this.#topics.get(topic) ?? new Set();
        this.#topics.set(topic, members.add(socket));
      },
      leave: (topic) => {
        const members = this.#topics.get(topic);
        members?.delete(socket);
        if (members?.size === 0) this.#topics.delete(topic);
      },
      close: (code, reason) => socket.close(code, reason),
    };
  }

  #beatLater(): void {
    this.#heartbeat = this.clock.after(heartbeatMs, () => {
      for (const open of this.#open) {
        if (!open.alive) open.socket.terminate();
        open.alive = false;
        open.socket.ping();
      }
      this.#beatLater();
    });
  }
}

/** A reader that does not keep up is cut off, at a bound of bytes, before it costs others anything. */
function send(socket: WebSocket, data: string | Uint8Array): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.send(data);
  if (socket.bufferedAmount > socketBufferedBytesMax) socket.terminate();
}
