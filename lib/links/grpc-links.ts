import {
  type ClientDuplexStream,
  Metadata,
  type ServiceError,
  type StatusObject,
  status,
} from "@grpc/grpc-js";
import type { Clock, Timer } from "../clock/clock.js";
import type { Log } from "../log/log.js";
import { clientCredentials, peerOptions, serverCredentials } from "../tls/credentials.js";
import type { Identity } from "../tls/identity.js";
import { frameCodecs } from "./frame-codec.js";
import { GrpcEnd } from "./grpc-end.js";
import { GrpcListener, reasonKey } from "./grpc-listener.js";
import { clientOptions, type LinkLimits, usualLimits } from "./grpc-options.js";
import {
  type CallName,
  type Calls,
  type Link,
  type LinkEnd,
  type Links,
  type Listener,
  type Service,
  type StreamName,
  type Streams,
  Unreachable,
} from "./links.js";
import { callMethods, streamMethods } from "./mesh-methods.js";
import { type ConnectionUse, PeerConnections } from "./peer-connections.js";

export interface GrpcLinksParts {
  readonly clock: Clock;
  /** Of the service that this process is; undefined: plain text. */
  readonly identity: Identity | undefined;
  readonly log: Log;
  /** Other limits than the usual ones, in tests. */
  readonly limits?: Partial<LinkLimits>;
}

/** Links between services in processes of their own, over gRPC. */
export class GrpcLinks implements Links {
  readonly #connections: PeerConnections;
  readonly #listeners = new Set<GrpcListener>();
  readonly #limits: LinkLimits;
  #closed = false;

  constructor(private readonly parts: GrpcLinksParts) {
    this.#limits = { ...usualLimits, ...parts.limits };
    // Links lead to channel servers only.
    const options = { ...clientOptions(this.#limits), ...peerOptions(parts.identity, "channel") };
    const credentials = clientCredentials(parts.identity);
    this.#connections = new PeerConnections(parts.clock, credentials, options, this.#limits.idleMs);
  }

  async listen(address: string, service: Service): Promise<Listener> {
    if (this.#closed) throw new Error("the links were closed");
    const { clock, log, identity } = this.parts;
    const common = { clock, log, limits: this.#limits };
    const credentials = serverCredentials(identity);
    const listener = new GrpcListener(service, { ...common, credentials, isMutual: identity !== undefined });
    await listener.listen(address);
    if (this.#closed) await listener.close();
    this.#listeners.add(listener);
    return listener;
  }

  open<Name extends StreamName>(
    address: string,
    name: Name,
    end: LinkEnd<Streams[Name]["down"]>,
  ): Link<Streams[Name]["up"]> {
    const { clock, log } = this.parts;
    const limits = this.#limits;
    let use: ConnectionUse;
    try {
      use = this.#use(address, () => stream.cancel());
    } catch (error) {
      return closedLink(clock, end, messageOf(error));
    }
    const { path, requestSerialize: same } = streamMethods[name];
    const stream = use.client.makeBidiStreamRequest<Buffer, Buffer>(path, same, same, new Metadata());
    const peer = { stream: name, address };
    const { up, down } = frameCodecs[name];
    const link = new GrpcEnd<Streams[Name]["up"], Streams[Name]["down"]>(wireOf(stream), {
      ...{ peer, clock, log, limits },
      out: up,
      in: down,
    });
    link.attach(end);
    const accepted = clock.after(limits.acceptMs, () => {
      link.over("the peer does not answer");
      stream.cancel();
      use.doubt();
    });
    listenTo(stream, link, use, accepted);
    return link;
  }

  call<Name extends CallName>(
    address: string,
    name: Name,
    request: Calls[Name]["request"],
    timeoutMs: number,
  ): Promise<Calls[Name]["response"]> {
    const { path, requestSerialize, responseDeserialize } = callMethods[name];
    return new Promise<Calls[Name]["response"]>((resolve, reject) => {
      const use = this.#use(address, () => call.cancel());
      const timer = this.parts.clock.after(timeoutMs, () => {
        reject(new Error("took too long"));
        call.cancel();
        use.doubt();
      });
      const done = (error: unknown, response?: Calls[Name]["response"]) => {
        timer.cancel();
        use.done();
        if (response) resolve(response);
        else reject(error);
      };
      const meta = new Metadata();
      const call = use.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        meta,
        done,
      );
    }).catch((error: Partial<ServiceError>) => {
      // A request or an answer that could not be encoded, decoded or made: no other try mends that.
      if (error.code === status.INTERNAL) {
        this.parts.log.error({ method: name, address, err: error }, "a call between services failed");
      }
      throw new Unreachable(`${name} at ${address}: ${messageOf(error)}`, { cause: error });
    });
  }

  #use(address: string, cancel: () => void): ConnectionUse {
    if (this.#closed) throw new Error("the links were closed");
    return this.#connections.use(address, cancel);
  }

  /** Ends all links and listeners at once. Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.#connections.close();
    for (const listener of this.#listeners) void listener.close();
    this.#listeners.clear();
  }
}

function listenTo(
  stream: ClientDuplexStream<Buffer, Buffer>,
  link: { arrived(message: Uint8Array): void; over(reason: string): void },
  use: ConnectionUse,
  accepted: Timer,
): void {
  stream.on("metadata", () => accepted.cancel());
  stream.on("data", (message: Buffer) => link.arrived(message));
  // What it would tell is told by the status, too.
  stream.on("error", () => {});
  stream.on("status", (last: StatusObject) => {
    accepted.cancel();
    use.done();
    link.over(reasonOf(last));
  });
}

function wireOf(stream: ClientDuplexStream<Buffer, Buffer>) {
  return {
    write: (message: Buffer, taken: () => void) => {
      stream.write(message, (error: unknown) => !error && taken());
    },
    end: () => void stream.end(),
    abort: () => stream.cancel(),
  };
}

function reasonOf({ details, metadata }: StatusObject): string {
  const [reason] = metadata.get(reasonKey);
  return reason?.toString() ?? details;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function closedLink<Out>(clock: Clock, end: LinkEnd<never>, reason: string): Link<Out> {
  clock.endOfTurn(() => end.closed(reason));
  return { send: () => {}, close: () => {} };
}
