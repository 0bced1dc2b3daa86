import { readFile } from "node:fs/promises";
import { createServer as createHttps, type Server as HttpsServer } from "node:https";
import { type AddressInfo, connect, type Server as NetServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { createServer as createTls } from "node:tls";
import { DevelopmentAuthority } from "../certificates/authority.js";

/** Addresses in plain text of a server. */
interface Plain {
  readonly url: string;
  readonly ws: string;
  readonly grpc: string;
}

/** Ends TLS in front of a server that speaks plain text, for tests of what clients make of certificates. */
export class TlsFront {
  readonly #servers: (HttpsServer | NetServer)[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly ca: string,
    private readonly pair: { readonly cert: Buffer; readonly key: Buffer },
  ) {}

  /** @param names in the certificate; @param folder of the authority */
  static async open(folder: string, names: readonly string[] = ["127.0.0.1"]): Promise<TlsFront> {
    const authority = await DevelopmentAuthority.open(folder);
    const { certificate, key } = await authority.issue("front", names);
    const [ca, cert, secret] = await Promise.all(
      [authority.file, certificate, key].map((file) => readFile(file)),
    );
    return new TlsFront(ca!.toString(), { cert: cert!, key: secret! });
  }

  /** Listens for everything that the server offers; resolves with the same addresses over TLS. */
  async before({ url, ws, grpc }: Plain): Promise<Plain & { readonly ca: string }> {
    const socketPort = await this.#listen(this.#pipe(new URL(ws).host, "http/1.1"));
    const grpcPort = await this.#listen(this.#pipe(grpc, "h2"));
    const secureWs = `wss://127.0.0.1:${socketPort}${new URL(ws).pathname}`;
    const webPort = await this.#listen(this.#web(url, (body) => body.replaceAll(ws, secureWs)));
    return { url: `https://127.0.0.1:${webPort}`, ws: secureWs, grpc: `127.0.0.1:${grpcPort}`, ca: this.ca };
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** @param change of answers, which name the addresses behind the front */
  #web(target: string, change: (body: string) => string): HttpsServer {
    return createHttps(this.pair, async (request, response) => {
      const { host: _host, connection: _connection, "content-length": _length, ...headers } = request.headers;
      const body = await text(request);
      const method = request.method ?? "GET";
      const init = { method, headers: headers as Record<string, string>, ...(body && { body }) };
      const answer = await fetch(new URL(request.url ?? "/", target), init);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(change(await answer.text()));
    });
  }

  #pipe(target: string, protocol: string): NetServer {
    const { hostname, port } = new URL(`http://${target}`);
    return createTls({ ...this.pair, ALPNProtocols: [protocol] }, (socket) => {
      const behind = connect({ host: hostname, port: Number(port) });
      this.#sockets.add(behind);
      socket.on("error", () => behind.destroy()).on("close", () => behind.destroy());
      behind.on("error", () => socket.destroy()).on("close", () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    });
  }

  #listen(server: HttpsServer | NetServer): Promise<number> {
    this.#servers.push(server);
    server.on("connection", (socket: Socket) => this.#sockets.add(socket));
    return new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }
}
