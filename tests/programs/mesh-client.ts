import { on } from "node:events";
import { readFile } from "node:fs/promises";
import { Client, Metadata } from "@grpc/grpc-js";
import { service as healthDefinition } from "grpc-health-check";
import { Agent, request } from "undici";
import { WebSocket } from "ws";
import { type ClientFrame, RealtimeService, ServerFrame } from "../../gen/confab/v1/realtime.js";
import { clientCredentials, peerOptions } from "../../lib/tls/credentials.js";
import { certificateNameOf, type Identity, type ServiceName } from "../../lib/tls/identity.js";
import type { PeerFiles } from "./program-stage.js";

/** A peer of the mesh, as Envoy is one: has a certificate, and knows services by their names. */
export class MeshClient {
  readonly #open: { close(): unknown }[] = [];

  private constructor(
    private readonly identity: Identity,
    private readonly token: string,
  ) {}

  static async of({ authority, certificate, key }: PeerFiles, token: string): Promise<MeshClient> {
    const files = await Promise.all([authority, certificate, key].map((file) => readFile(file)));
    const [ca, own, secret] = files as [Buffer, Buffer, Buffer];
    return new MeshClient({ authority: ca, certificate: own, key: secret }, token);
  }

  /**
   * Asks by HTTPS in the name of the token; with a body it is a POST of JSON.
   *
   * @param headers besides the usual ones
   */
  async http(
    service: ServiceName,
    url: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const agent = this.#keep(new Agent({ connect: this.#tls(service) }));
    const answer = await request(url, {
      dispatcher: agent,
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text.startsWith("{") ? JSON.parse(text) : text };
  }

  /** Frames of a WebSocket to a gateway, and how to send some. */
  socket(url: string, ticket: string): { send(frame: object): void; frames: AsyncIterator<ServerFrame> } {
    const subprotocols = ["confab.v1.json", `confab.ticket.${ticket}`];
    const socket = new WebSocket(url, subprotocols, this.#tls("gateway"));
    this.#keep({ close: () => socket.terminate() });
    return { send: (frame) => socket.send(JSON.stringify(frame)), frames: framesOf(socket) };
  }

  /** Frames of `Realtime.Subscribe` in the name of the token, and how to send some. */
  stream(
    service: ServiceName,
    address: string,
  ): { send(frame: ClientFrame): void; frames: AsyncIterator<ServerFrame>; close(): void } {
    const { path, requestSerialize, responseDeserialize } = RealtimeService.subscribe;
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${this.token}`);
    const client = this.#grpc(service, address);
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    this.#keep({ close: () => stream.cancel() });
    stream.on("error", () => {});
    const frames = stream[Symbol.asyncIterator]();
    return { send: (frame) => void stream.write(frame), frames, close: () => stream.cancel() };
  }

  /** What a service says of its health over gRPC. */
  health(service: ServiceName, address: string, name = ""): Promise<string> {
    const { path, requestSerialize, responseDeserialize } = healthDefinition.Check!;
    return new Promise((resolve, reject) => {
      this.#grpc(service, address).makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { service: name },
        (error, response) => (error ? reject(error) : resolve((response as { status: string }).status)),
      );
    });
  }

  close(): void {
    for (const one of this.#open.splice(0).reverse()) void one.close();
  }

  #grpc(service: ServiceName, address: string): Client {
    return this.#keep(
      new Client(address, clientCredentials(this.identity), peerOptions(this.identity, service)),
    );
  }

  #tls(service: ServiceName) {
    const { authority: ca, certificate: cert, key } = this.identity;
    return { ca, cert, key, servername: certificateNameOf(service) };
  }

  #keep<One extends { close(): unknown }>(one: One): One {
    this.#open.push(one);
    return one;
  }
}

/** All frames that arrive from now on, one after the other. */
async function* framesOf(socket: WebSocket): AsyncGenerator<ServerFrame> {
  for await (const [data] of on(socket, "message", { close: ["close"] })) {
    yield ServerFrame.fromJSON(JSON.parse(String(data)));
  }
}
