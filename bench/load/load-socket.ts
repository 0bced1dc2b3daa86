import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Followed } from "./expected.js";
import { clientFrame, FrameReader, opcodes } from "./frame-reader.js";

const headerEnd = Buffer.from("\r\n\r\n");
/** Any 16 bytes do as a key: nothing between here and the server caches. */
const webSocketKey = Buffer.from("one key for all.").toString("base64");
const readBytesMax = 256 * 1024;
/** All sockets are read into one buffer, one after the other. */
const readBuffer = Buffer.allocUnsafe(readBytesMax);

/** How a socket is opened. */
export interface SocketPlan {
  readonly url: string;
  readonly subprotocols: readonly string[];
  /** Sent once open. */
  readonly firstFrame: string;
  /** A frame that contains this says that the first one has been carried out. */
  readonly readyText: string;
  readonly followed: Followed;
  /** Certificates in PEM of who signed the server's, where the socket is TLS. */
  readonly ca?: string | undefined;
}

/** What a socket tells. */
export interface SocketEvents {
  /** A text frame came after the socket was ready; the payload is only valid during the call. */
  frame(bytes: Buffer, from: number, to: number): void;
  closed(): void;
}

/** A WebSocket that only listens, with as little work for each frame as Node allows. */
export class LoadSocket {
  readonly #reader = new FrameReader((opcode, bytes, from, to) => this.#take(opcode, bytes, from, to));
  #socket: Socket | undefined;
  #header: Buffer | undefined = Buffer.alloc(0);
  #ready: (() => void) | undefined;
  #closing = false;

  constructor(
    private readonly plan: SocketPlan,
    private readonly events: SocketEvents,
  ) {}

  /** Resolves when the server has carried out the first frame. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#connect();
      this.#socket = socket;
      this.#ready = resolve;
      socket.once("error", reject);
      socket.once("close", () => {
        reject(new Error("a socket was closed before it was ready"));
        if (!this.#closing) this.events.closed();
      });
    });
  }

  close(): void {
    this.#closing = true;
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const { hostname, port, protocol } = new URL(this.plan.url);
    const target = { host: hostname, port: Number(port), noDelay: true };
    if (protocol === "wss:") {
      const socket = connectTls({ ...target, ca: this.plan.ca });
      // What TLS decrypts comes in buffers of its own.
      return socket
        .on("data", (bytes: Buffer) => this.#readChunk(bytes))
        .once("secureConnect", () => socket.write(this.#upgrade()));
    }
    const onread = { buffer: readBuffer, callback: (bytes: number) => this.#read(bytes) };
    const socket = connect({ ...target, onread });
    return socket.once("connect", () => socket.write(this.#upgrade()));
  }

  #upgrade(): string {
    const { url, subprotocols } = this.plan;
    const { host, pathname } = new URL(url);
    const lines = [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${webSocketKey}`,
    ];
    if (subprotocols.length > 0) lines.push(`Sec-WebSocket-Protocol: ${subprotocols.join(", ")}`);
    return `${lines.join("\r\n")}\r\n\r\n`;
  }

  #read(byteCount: number): boolean {
    this.#readChunk(readBuffer.subarray(0, byteCount));
    return true;
  }

  #readChunk(chunk: Buffer): void {
    if (this.#header) this.#readHeader(chunk);
    else this.#reader.push(chunk);
  }

  #readHeader(chunk: Buffer): void {
    const header = Buffer.concat([this.#header ?? Buffer.alloc(0), chunk]);
    const end = header.indexOf(headerEnd);
    this.#header = end < 0 ? header : undefined;
    if (end < 0) return;
    if (!header.toString("latin1", 0, 12).endsWith(" 101")) {
      this.#socket?.destroy(new Error(`an upgrade was refused: ${header}`));
      return;
    }
    this.#send(opcodes.text, Buffer.from(this.plan.firstFrame));
    this.#reader.push(header.subarray(end + headerEnd.length));
  }

  #take(opcode: number, bytes: Buffer, from: number, to: number): void {
    if (opcode === opcodes.ping) return this.#send(opcodes.pong, Buffer.from(bytes.subarray(from, to)));
    if (opcode !== opcodes.text && opcode !== opcodes.binary) return;
    if (!this.#ready) return this.events.frame(bytes, from, to);
    if (!bytes.toString("latin1", from, to).includes(this.plan.readyText)) return;
    this.#ready();
    this.#ready = undefined;
  }

  #send(opcode: number, payload: Buffer): void {
    this.#socket?.write(clientFrame(opcode, payload));
  }
}
