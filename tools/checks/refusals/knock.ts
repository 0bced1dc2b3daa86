import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { parseAddress } from "../../../lib/config/values.js";

const knockMsMax = 10_000;
/** A TLS record that tells why a handshake failed begins with this byte (RFC 8446, 5.1). */
const alertRecord = 21;

/** How somebody comes to a port. */
export interface Knock {
  /** `host:port` */
  readonly address: string;
  /** In plain text unless given: whom the caller believes, and what it shows of itself. */
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
  /** The protocol that is agreed on in the handshake. */
  readonly protocol: "h2" | "http/1.1";
}

/** Begins of the protocols, which a server that lets somebody in answers. */
const greetings = {
  h2: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0",
  "http/1.1": "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
} as const;

/** Comes to a port; resolves with how it was turned away, or undefined when it was let in. */
export function knock({ address, tls, protocol }: Knock): Promise<string | undefined> {
  const { host, port } = parseAddress(address)!;
  return new Promise((resolve, reject) => {
    const socket: Socket = tls
      ? connectTls({ host, port, ...tls, ALPNProtocols: [protocol], checkServerIdentity: () => undefined })
      : connectPlain({ host, port });
    const timer = setTimeout(() => end(() => reject(new Error(`${address} says nothing`))), knockMsMax);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    socket.on(tls ? "secureConnect" : "connect", () => socket.write(greetings[protocol], "latin1"));
    socket.on("data", ([first]: Buffer) =>
      end(() => resolve(!tls && first === alertRecord ? "TLS alert" : undefined)),
    );
    socket.on("error", (error: NodeJS.ErrnoException) => end(() => resolve(error.code ?? error.message)));
    socket.on("close", () => end(() => resolve("closed")));
  });
}
