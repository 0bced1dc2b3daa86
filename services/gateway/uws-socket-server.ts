import uWS from "uWebSockets.js";
import { ConfabError, errorTable } from "../../lib/errors/errors.js";
import { heartbeatMs, socketFrameBytesMax } from "../../lib/limits/limits.js";
import type { ClientConnection } from "./core/session.js";
import type { SocketDoor, SocketEnd, SocketOffer, SocketServer, SocketWelcome } from "./sockets.js";

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
  readonly #app = uWS.App();
  readonly #open = new Set<uWS.WebSocket<SocketData>>();
  #listening: uWS.us_listen_socket | undefined;

  listen(address: string, door: SocketDoor): Promise<number> {
    this.#app.ws<SocketData>("/*", {
      compression: uWS.DISABLED,
      maxPayloadLength: socketFrameBytesMax,
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
      close: (socket, code) => {
        this.#open.delete(socket);
        const { client } = socket.getUserData();
        client.open = false;
        client.end?.closed(code);
      },
    });
    this.#app.any("/*", (res) => void res.writeStatus("404 Not Found").end("only WebSockets here\n"));
    const { host, port } = splitAddress(address);
    return new Promise((resolve, reject) => {
      this.#app.listen(host, port, (listening) => {
        if (!listening) return reject(new ConfabError("unavailable", "", `cannot listen at ${address}`));
        this.#listening = listening;
        resolve(uWS.us_socket_local_port(listening));
      });
    });
  }

  publish(topic: string, text: string): void {
    this.#app.publish(topic, text, false);
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
  // Never upgrade within a cork: when that ends, the library looks at a socket that the upgrade has replaced.
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
  res.writeStatus(statusOf(error));
  if (error.code === "rate_limited") res.writeHeader("retry-after", String(Math.ceil(error.retryMs / 1000)));
  res.writeHeader("content-type", "application/json");
  const closeConnection = true;
  res.end(JSON.stringify({ ok: false, error: error.code, message: error.message }), closeConnection);
}

function statusOf({ code }: ConfabError): string {
  if (code === "rate_limited") return "429 Too Many Requests";
  return errorTable[code].grpc === "UNAUTHENTICATED" ? "401 Unauthorized" : "400 Bad Request";
}

/** A closed socket throws at every touch: once closed, nothing is done any more. */
function connectionOf(socket: uWS.WebSocket<SocketData>): ClientConnection {
  const { client } = socket.getUserData();
  return {
    send: (text) => void (client.open && socket.send(text, false)),
    join: (topic) => void (client.open && socket.subscribe(topic)),
    leave: (topic) => void (client.open && socket.unsubscribe(topic)),
    close: (code, reason) => void (client.open && socket.end(code, reason)),
  };
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
