import uWS from "uWebSockets.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { heartbeatMs, socketBufferedBytesMax, socketFrameBytesMax } from "../../lib/limits/limits.js";
import type { ClientConnection } from "./core/session.js";
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

/**
 * Every socket stays in this topic: leaving its last topic would drop what was published and not yet sent.
 */
const permanentTopic = "all";

/**
 * The library puts the fields of this on the socket itself, so there is one, with a name that it does not
 * use.
 */
interface SocketData {
  readonly client: {
    readonly welcome: SocketWelcome;
    open: boolean;
    end?: SocketEnd;
  };
}

/** WebSockets by uWebSockets.js. */
export class UwsSocketServer implements SocketServer {
  readonly #app: uWS.TemplatedApp;
  readonly #open = new Set<uWS.WebSocket<SocketData>>();
  #listening: uWS.us_listen_socket | undefined;

  /** @param tls it speaks TLS with; clients need no certificate, which the library cannot demand */
  constructor(tls?: SocketTls) {
    const { certificate: cert_file_name = "", key: key_file_name = "" } = tls?.files ?? {};
    this.#app = tls ? uWS.SSLApp({ cert_file_name, key_file_name }) : uWS.App();
  }

  listen(address: string, door: SocketDoor, isOpen: () => boolean): Promise<number> {
    this.#app.ws<SocketData>("/*", {
      compression: uWS.DISABLED,
      maxPayloadLength: socketFrameBytesMax,
      maxBackpressure: socketBufferedBytesMax,
      closeOnBackpressureLimit: 1,
      idleTimeout: (2 * heartbeatMs) / 1000,
      sendPingsAutomatically: true,
      upgrade: (res, req, context) => void upgrade(res, req, context, door),
      open: (socket) => {
        this.#open.add(socket);
        socket.subscribe(permanentTopic);
        const { client } = socket.getUserData();
        client.end = client.welcome.opened(connectionOf(socket));
      },
      message: (socket, message, isBinary) => {
        const { end } = socket.getUserData().client;
        const bytes = Buffer.from(message);
        end?.received(isBinary ? new Uint8Array(bytes) : bytes.toString("utf8"));
      },
      drain: (socket) => {
        if (socket.getBufferedAmount() === 0) socket.getUserData().client.end?.drained();
      },
      close: (socket, code) => {
        this.#open.delete(socket);
        const { client } = socket.getUserData();
        client.open = false;
        client.end?.closed(code);
      },
    });
    this.#app.get(healthPath, (res) => {
      const { status, body } = healthOf(isOpen());
      // Who asks again and again would keep the connection, and with it this process, for ever.
      const isLast = this.#listening === undefined;
      res.writeStatus(status).writeHeader("content-type", "application/json").end(body, isLast);
    });
    this.#app.any("/*", (res) => void res.writeStatus("404 Not Found").end("only WebSockets here\n", true));
    const { host, port } = splitAddress(address);
    return new Promise((resolve, reject) => {
      this.#app.listen(host, port, (listening) => {
        if (!listening) return reject(new ConfabError("unavailable", "", `cannot listen at ${address}`));
        this.#listening = listening;
        resolve(uWS.us_socket_local_port(listening));
      });
    });
  }

  publish(topic: string, frame: string | Uint8Array): void {
    this.#app.publish(topic, frame, typeof frame !== "string");
  }

  close(): void {
    if (this.#listening) uWS.us_listen_socket_close(this.#listening);
    this.#listening = undefined;
    for (const socket of [...this.#open]) socket.close();
  }
}

async function upgrade(
  res: uWS.HttpResponse,
  req: uWS.HttpRequest,
  context: uWS.us_socket_context_t,
  door: SocketDoor,
): Promise<void> {
  let aborted = false;
  res.onAborted(() => {
    aborted = true;
  });
  // A request is only valid in this turn.
  const key = req.getHeader("sec-websocket-key");
  const extensions = req.getHeader("sec-websocket-extensions");
  const answer = await door(offerOf(req));
  if (aborted) return;
  // A door that answers in this turn is still within the cork that the library holds around its handler, and
  // what is written goes out at once. After a later answer it is written piece by piece, which does no harm,
  // but the library warns of it on stderr. A cork of our own would be worse: at its end this build looks for
  // the request's state in a socket that the upgrade has replaced, and may end the connection by that.
  if (answer instanceof ConfabError) return void res.cork(() => refuse(res, answer));
  const data = { client: { welcome: answer, open: true } };
  res.upgrade<SocketData>(data, key, answer.subprotocol, extensions, context);
}

function offerOf(req: uWS.HttpRequest): SocketOffer {
  const subprotocols = req.getHeader("sec-websocket-protocol").split(",");
  return {
    subprotocols: subprotocols.map((name) => name.trim()).filter((name) => name !== ""),
    origin: req.getHeader("origin") || undefined,
    host: req.getHeader("host"),
  };
}

function refuse(res: uWS.HttpResponse, error: ConfabError): void {
  const { status, retryAfter, body } = refusalOf(error);
  res.writeStatus(status);
  if (retryAfter !== undefined) res.writeHeader("retry-after", retryAfter);
  res.writeHeader("content-type", "application/json");
  res.end(body, true);
}

/** A closed socket throws at every touch: once closed, nothing is done any more. */
function connectionOf(socket: uWS.WebSocket<SocketData>): ClientConnection {
  const { client } = socket.getUserData();
  return {
    format: client.welcome.format,
    canJoin: true,
    send: (frame) => void (client.open && socket.send(frame, typeof frame !== "string")),
    bufferedBytes: () => (client.open ? socket.getBufferedAmount() : 0),
    join: (topic) => void (client.open && socket.subscribe(topic)),
    leave: (topic) => void (client.open && socket.unsubscribe(topic)),
    close: (code, reason) => void (client.open && socket.end(code, reason)),
  };
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
