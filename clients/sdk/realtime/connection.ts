import { type ConnectResponse, ServerFrame } from "../../../gen/json/confab/v1/realtime.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { certificateFault } from "../tls/certificate-fault.js";
import type { OpenSocket, Socket } from "./socket.js";

/** Hears what becomes of a connection; nothing after `closed`, `failed` or its own `drop`. */
export interface ConnectionListener {
  received(frame: ServerFrame): void;
  closed(code: number, reason: string): void;
  /** There was no socket to begin with. */
  failed(error: ConfabError): void;
}

/** One connection to a gateway, from the ticket to its end. */
export class Connection {
  #socket: Socket | undefined;
  #over = false;

  /** @param connect gets the address of a gateway and a ticket */
  constructor(
    connect: () => Promise<ConnectResponse>,
    private readonly openSocket: OpenSocket,
    private readonly listener: ConnectionListener,
  ) {
    connect().then(
      (answer) => this.#open(answer),
      (error) => this.#fail(error),
    );
  }

  send(frame: object): void {
    if (!this.#over) this.#socket?.send(JSON.stringify(frame));
  }

  /** Ends the connection; nothing more is heard of it. Safe to call twice. */
  drop(): void {
    this.#over = true;
    this.#socket?.close();
  }

  #open({ url, ticket }: ConnectResponse): void {
    if (this.#over) return;
    try {
      const socket = this.openSocket(url, ["confab.v1.json", `confab.ticket.${ticket}`]);
      this.#socket = socket;
      socket.onmessage = ({ data }) => this.#received(data);
      socket.onclose = ({ code, reason }) => {
        if (!this.#over) this.listener.closed(code, reason);
        this.#over = true;
      };
      // What else went wrong is told by the close that follows; browsers tell nothing at all.
      socket.onerror = (event) => {
        const untrusted = "error" in event ? certificateFault(url, event.error) : undefined;
        if (untrusted) this.#fail(untrusted);
      };
    } catch (error) {
      this.#fail(new ConfabError("invalid_argument", "webSocket", String(error)));
    }
  }

  #received(data: unknown): void {
    if (this.#over) return;
    let frame: ServerFrame;
    try {
      frame = ServerFrame.fromJSON(JSON.parse(String(data)));
    } catch {
      this.drop();
      return this.listener.failed(new ConfabError("unavailable", "", "the gateway sent what is not a frame"));
    }
    this.listener.received(frame);
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.listener.failed(
      error instanceof ConfabError ? error : new ConfabError("internal", "", String(error)),
    );
  }
}
