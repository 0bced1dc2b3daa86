import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { Identity } from "../../lib/tls/identity.js";

/** A request that reached a server. */
export interface Arrival {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Name in the certificate of who sent it. */
  readonly peer: string;
  /** Which server they wanted to reach, as TLS tells. */
  readonly serverName: string;
}

/** A server of HTTP and WebSockets that demands a certificate and writes down what reaches it. */
export class HttpsUpstream {
  /** What reached it, except questions for its health. */
  readonly arrivals: Arrival[] = [];
  /** What `/health/ready` answers. */
  isReady = true;
  /** Answers requests; by its name unless a test wants something else. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "confab.v1.json" });

  private constructor(
    readonly name: string,
    identity: Identity,
  ) {
    this.answer = (_request, response) => response.end(name);
    const { authority: ca, certificate: cert, key } = identity;
    this.#server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true });
    this.#server.on("request", (request, response) => this.#take(request, response));
    this.#server.on("upgrade", (request, socket, head) => {
      this.#writeDown(request);
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client));
    });
  }

  static async start(name: string, identity: Identity): Promise<HttpsUpstream> {
    const upstream = new HttpsUpstream(name, identity);
    upstream.#server.listen(0, "127.0.0.1");
    await once(upstream.#server, "listening");
    return upstream;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all sockets without a word. */
  endSockets(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.endSockets();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === "/health/ready" && request.headers["user-agent"]?.startsWith("Envoy/HC")) {
      response.writeHead(this.isReady ? 200 : 503).end();
      return;
    }
    this.#writeDown(request);
    this.answer(request, response);
  }

  #writeDown(request: IncomingMessage): void {
    const { method = "", url = "", headers } = request;
    const socket = request.socket as TLSSocket;
    const peer = String(socket.getPeerCertificate().subjectaltname);
    // The types leave out what a server's side has, too: the name in the client's greeting.
    const { servername } = socket as TLSSocket & { servername?: string };
    this.arrivals.push({ method, url, headers, peer, serverName: String(servername) });
  }

  /** Says its name and sends back what it hears. */
  #greet(client: WebSocket): void {
    client.send(this.name);
    client.on("message", (data) => client.send(String(data)));
  }
}
