import type { ConfabError } from "../../lib/errors/errors.js";
import type { TlsConfig } from "../../lib/tls/config.js";
import type { Identity } from "../../lib/tls/identity.js";
import type { ClientConnection, Format } from "./core/session.js";

/** Where a proxy asks whether sockets are let in. */
export const healthPath = "/health/ready";

/** What a socket server that speaks TLS proves itself with, and the files that this was read from. */
export interface SocketTls {
  readonly identity: Identity;
  readonly files: TlsConfig["tls"];
}

/** What a client offers when it opens a socket. */
export interface SocketOffer {
  readonly subprotocols: readonly string[];
  /** The page that opens it, if a browser does. */
  readonly origin: string | undefined;
  readonly host: string;
}

/** Answer to an offer: the subprotocol to speak, in which format, and what to do once the socket is open. */
export interface SocketWelcome {
  readonly subprotocol: string;
  readonly format: Format;
  opened(connection: ClientConnection): SocketEnd;
}

/** Receives from one client. Nothing follows `closed`. */
export interface SocketEnd {
  received(data: string | Uint8Array): void;
  /** What was sent has gone out. */
  drained(): void;
  /** @param code as in the closing frame; 1005 if that had none, 1006 if there was none or it is not known */
  closed(code?: number): void;
}

/** Decides whom to let in. */
export type SocketDoor = (offer: SocketOffer) => Promise<SocketWelcome | ConfabError>;

/** Accepts WebSockets and publishes to topics that connections joined. */
export interface SocketServer {
  /**
   * Listens at `host:port` (port 0 picks one); resolves with the port.
   *
   * @param isOpen whether sockets are let in, as `GET /health/ready` tells a proxy there
   */
  listen(address: string, door: SocketDoor, isOpen: () => boolean): Promise<number>;
  publish(topic: string, frame: string | Uint8Array): void;
  /** Stops listening and ends what connections are left. */
  close(): void;
}
