import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { ChannelCredentials, Client, Metadata, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { WebSocket } from "ws";

const asIs = (value: Buffer) => value;

/** An answer of HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a socket was let in, with the first frame, or refused. */
export type SocketOutcome =
  | { readonly socket: WebSocket; readonly first: string; readonly headers: IncomingHttpHeaders }
  | { readonly refused: HttpAnswer };

/** How a call ended. */
export interface CallOutcome {
  readonly code: number;
  readonly details: string;
  readonly answer: string;
  /** Headers and trailers together. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Clients of an Envoy: each request on a connection of its own. */
export class Clients {
  constructor(
    readonly port: number,
    readonly ca: Buffer,
  ) {}

  async http(path: string, options: RequestOptions = {}, body = ""): Promise<HttpAnswer> {
    const agent = new Agent({ maxCachedSessions: 0 });
    const { port, ca } = this;
    const sent = request({ host: "localhost", family: 4, port, ca, agent, path, ...options });
    sent.end(body);
    const [response] = await once(sent, "response");
    response.setEncoding("utf8");
    let text = "";
    for await (const part of response) text += part;
    agent.destroy();
    return { status: response.statusCode, headers: response.headers, body: text };
  }

  /** POSTs JSON. */
  json(path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.http(
      path,
      { method: "POST", headers: { "content-type": "application/json", ...headers } },
      "{}",
    );
  }

  /** Opens a socket; the ticket rides as a subprotocol. */
  async socket(query = "", options: { headers?: Record<string, string> } = {}): Promise<SocketOutcome> {
    const { port, ca } = this;
    const url = `wss://localhost:${port}/v1/socket${query}`;
    const socket = new WebSocket(url, ["confab.v1.json", "confab.ticket.SECRET"], {
      ca,
      family: 4,
      ...options,
    });
    const upgraded = once(socket, "upgrade");
    const refused = new Promise<HttpAnswer>((resolve) => {
      socket.on("unexpected-response", async (sent, response) => {
        let body = "";
        for await (const part of response) body += part;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        sent.destroy();
      });
    });
    const first = once(socket, "message");
    first.catch(() => {});
    const outcome = await Promise.race([upgraded, refused]);
    if (!Array.isArray(outcome)) return { refused: outcome };
    const [message] = await first;
    return { socket, first: String(message), headers: outcome[0].headers };
  }

  /** One call with bytes that mean nothing. */
  async call(
    path: string,
    headers: Record<string, string> = {},
    request = Buffer.from("x"),
  ): Promise<CallOutcome> {
    const client = this.grpc();
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const seen: Record<string, unknown> = {};
    const outcome = await new Promise<CallOutcome>((resolve) => {
      const call = client.makeUnaryRequest(path, asIs, asIs, request, metadata, (error, answer) => {
        ended.then(() => {
          const { code = 0, details = "" } = (error ?? {}) as Partial<ServiceError>;
          resolve({ code, details, answer: String(answer ?? ""), metadata: seen });
        });
      });
      call.on("metadata", (received: Metadata) => Object.assign(seen, received.getMap()));
      const ended = new Promise<void>((done) => {
        call.on("status", (end: StatusObject) => done(void Object.assign(seen, end.metadata.getMap())));
      });
    });
    client.close();
    return outcome;
  }

  /** A gRPC client; close it. */
  grpc(): Client {
    return new Client(`127.0.0.1:${this.port}`, ChannelCredentials.createSsl(this.ca), {
      "grpc.use_local_subchannel_pool": 1,
      "grpc.ssl_target_name_override": "localhost",
      "grpc.enable_retries": 0,
    });
  }
}
