import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock, Timer } from "../../lib/clock/clock.js";
import { parseAddress } from "../../lib/config/values.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { heartbeatMs, socketBufferedBytesMax, socketFrameBytesMax } from "../../lib/limits/limits.js";
import type { ClientConnection, Format } from "./core/session.js";
import { healthOf, refusalOf } from "./socket-refusal.js";
import {
  healthPath,
  type SocketDoor,
  type SocketEnd,
  type SocketOffer,
  type SocketServer,
  type SocketTls,
  type SocketWelcome,
} from "./sockets.js";

/** One open socket. */
interface Open {
  readonly socket: WebSocket;
  end?: SocketEnd;
  /** There was a sign of life since the last ping. */
  alive: boolean;
}

/** WebSockets by `ws`: for versions of Node that uWebSockets.js has no binary for. */
export class WsSocketServer implements SocketServer {
  readonly #http: Server;
  #isOpen = () => false;
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

  /** @param tls it speaks TLS with, and only with clients that show a certificate of the mesh */
  constructor(
    private readonly clock: Clock,
    tls?: SocketTls,
  ) {
    const { authority: ca, certificate: cert, key } = tls?.identity ?? {};
    const mutual = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
    this.#http = tls ? createSecureServer(mutual) : createServer();
    this.#http.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const isHealth = request.method === "GET" && request.url === healthPath;
      if (!isHealth) return response.writeHead(404, { connection: "close" }).end("only WebSockets here\n");
      const { status, body } = healthOf(this.#isOpen());
      response.writeHead(Number.parseInt(status, 10), { "content-type": "application/json" }).end(body);
    });
  }

  listen(address: string, door: SocketDoor, isOpen: () => boolean): Promise<number> {
    this.#isOpen = isOpen;
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

  publish(topic: string, frame: string | Uint8Array): void {
    for (const socket of this.#topics.get(topic) ?? []) send(socket, frame);
  }

  close(): void {
    this.#heartbeat?.cancel();
    for (const { socket } of this.#open) socket.terminate();
    this.#sockets.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, door: SocketDoor): Promise<void> {
    const answer = await door(offerOf(request));
    if (stream.destroyed) return;
    if (answer instanceof ConfabError) return refuse(stream, answer);
    this.#welcomes.set(request, answer);
    this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#opened(socket, answer));
  }

  #opened(socket: WebSocket, welcome: SocketWelcome): void {
    const open: Open = { socket, alive: true };
    this.#open.add(open);
    const isAlive = () => {
      open.alive = true;
    };
    socket.on("pong", isAlive);
    socket.on("ping", isAlive);
    socket.on("message", (data, isBinary) => {
      open.alive = true;
      const bytes = Buffer.from(data as Buffer);
      open.end?.received(isBinary ? bytes : bytes.toString("utf8"));
    });
    // What a client does wrong ends its connection, which `close` tells.
    socket.on("error", () => {});
    socket.on("close", (code) => {
      this.#open.delete(open);
      for (const members of this.#topics.values()) members.delete(socket);
      open.end?.closed(code);
    });
    open.end = welcome.opened(this.#connectionOf(open, welcome.format));
  }

  #connectionOf(open: Open, format: Format): ClientConnection {
    const { socket } = open;
    const sent = () => {
      if (socket.bufferedAmount === 0) open.end?.drained();
    };
    return {
      format,
      canJoin: true,
      send: (frame) => send(socket, frame, sent),
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
function send(socket: WebSocket, frame: string | Uint8Array, sent?: () => void): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.send(frame, sent);
  if (socket.bufferedAmount > socketBufferedBytesMax) socket.terminate();
}

function offerOf({ headers }: IncomingMessage): SocketOffer {
  const subprotocols = String(headers["sec-websocket-protocol"] ?? "").split(",");
  return {
    subprotocols: subprotocols.map((name) => name.trim()).filter((name) => name !== ""),
    origin: headers.origin,
    host: headers.host ?? "",
  };
}

function refuse(stream: Duplex, error: ConfabError): void {
  const { status, retryAfter, body } = refusalOf(error);
  const wait = retryAfter === undefined ? "" : `retry-after: ${retryAfter}\r\n`;
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\n`;
  stream.end(`${head}${wait}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
