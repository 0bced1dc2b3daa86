import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { WebSocket } from "ws";
import { z } from "zod";

const refusalSchema = z.strictObject({ ok: z.literal(false), error: z.string(), message: z.string().min(1) });

interface SocketOptions {
  /** As a page's browser would send it. */
  readonly origin?: string | undefined;
  /** Certificates in PEM of who signed the server's. */
  readonly ca?: string | undefined;
}

/** A WebSocket whose frames are waited for one by one. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly #frames: Buffer[] = [];
  #waiting: ((frame: Buffer) => void) | undefined;

  constructor(url: string, subprotocols: readonly string[], options: SocketOptions = {}) {
    this.socket = new WebSocket(url, [...subprotocols], options);
    this.socket.on("message", (data) => this.#take(data as Buffer));
    this.socket.on("error", () => {});
  }

  /** The next frame, as text. */
  async next(): Promise<string> {
    return (await this.nextBytes()).toString();
  }

  /** The next frame. */
  nextBytes(): Promise<Buffer> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The code with which the connection ends, and the reason. */
  async closed(): Promise<{ code: number; reason: string }> {
    const [code, reason] = await once(this.socket, "close");
    return { code, reason: String(reason) };
  }

  /** Status and named error of the HTTP answer that the socket got instead of being opened. */
  async refusal(): Promise<string> {
    const [, answer]: [unknown, IncomingMessage] = (await once(this.socket, "unexpected-response")) as never;
    const { error } = refusalSchema.parse(JSON.parse(await text(answer)));
    return `${answer.statusCode} ${error}`;
  }

  send(frame: string | Uint8Array): void {
    this.socket.send(frame);
  }

  end(): void {
    this.socket.terminate();
  }

  #take(frame: Buffer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(frame);
    else this.#frames.push(frame);
  }
}
