import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { Metadata, Server, type ServerCredentials, type ServerDuplexStream, status } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Clock } from "../clock/clock.js";
import type { Log } from "../log/log.js";
import { type FrameCodec, frameCodecs } from "./frame-codec.js";
import { GrpcEnd } from "./grpc-end.js";
import { type LinkLimits, sharedOptions } from "./grpc-options.js";
import { meshCallsPerConnectionMax } from "./limits.js";
import {
  answerOf,
  type CallName,
  type LinkEnd,
  type Listener,
  type Service,
  type StreamName,
} from "./links.js";
import { callMethods, passBytes, serviceOf, streamMethods } from "./mesh-methods.js";
import { isWelcome } from "./peer-service.js";
import { TcpListener } from "./tcp-listener.js";

/** Names a stream's end in the trailers, for the log of the peer. */
export const reasonKey = "confab-reason-bin";

export interface ListenerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly credentials: ServerCredentials;
  /** Peers show certificates. */
  readonly isMutual: boolean;
  readonly limits: LinkLimits;
}

type Stream = ServerDuplexStream<Buffer, Buffer>;
type Call = ServerUnaryCall<Buffer, Buffer>;
type AnyEnd = GrpcEnd<unknown, unknown>;

/** Offers a service over gRPC, with health. */
export class GrpcListener implements Listener {
  readonly #server: Server;
  readonly #health = new HealthImplementation();
  readonly #names: ReadonlySet<string>;
  readonly #ends = new Set<AnyEnd>();
  readonly #tcp: TcpListener;
  #address = "";
  #closing: Promise<void> | undefined;

  constructor(
    private readonly service: Service,
    private readonly parts: ListenerParts,
  ) {
    this.#server = new Server({
      ...sharedOptions(parts.limits),
      "grpc.max_concurrent_streams": meshCallsPerConnectionMax,
    });
    const streams = Object.entries(streamMethods).map(([name, method]) => {
      const take = (stream: Stream) => this.#take(name as StreamName, stream);
      return { method, handler: take };
    });
    const calls = Object.entries(callMethods).map(([name, method]) => {
      const answer = (call: Call, done: sendUnaryData<Buffer>) => this.#answer(name as CallName, call, done);
      return { method: passBytes(method), handler: answer };
    });
    for (const { method, handler } of [...streams, ...calls]) {
      this.#server.addService({ [method.path]: method }, { [method.path]: handler });
    }
    this.#names = new Set(["", ...[...streams, ...calls].map(({ method }) => serviceOf(method))]);
    this.#health.addToServer(this.#server);
    const injector = this.#server.createConnectionInjector(parts.credentials);
    this.#tcp = new TcpListener(parts.log, (socket) => injector.injectConnection(socket));
  }

  get address(): string {
    return this.#address;
  }

  /** Binds `host:port`. */
  async listen(address: string): Promise<void> {
    this.#address = await this.#tcp.listen(address);
    if (!this.#closing) this.#report("SERVING");
  }

  setServing(isServing: boolean): void {
    if (!this.#closing) this.#report(isServing ? "SERVING" : "NOT_SERVING");
  }

  /** Ends its links, waits a moment for what was sent and for calls under way, and ends everything. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #close(): Promise<void> {
    this.#report("NOT_SERVING");
    for (const end of this.#ends) end.close("the service closed");
    this.#server.tryShutdown(() => {});
    return this.#tcp.close(this.parts.clock, this.parts.limits.graceMs);
  }

  #report(serving: "SERVING" | "NOT_SERVING"): void {
    for (const name of this.#names) this.#health.setStatus(name, serving);
  }

  /** Why a call or stream is refused. */
  #refusal(call: Stream | Call): { code: status; details: string } | undefined {
    if (this.#closing) return { code: status.UNAVAILABLE, details: "the service closed" };
    if (!this.parts.isMutual || isWelcome(call.getAuthContext().sslPeerCertificate)) return undefined;
    this.parts.log.warn({ address: call.getPeer(), method: call.getPath() }, "a stranger was refused");
    return { code: status.PERMISSION_DENIED, details: "not for a service of this certificate's name" };
  }

  #take(name: StreamName, stream: Stream): void {
    // The key and the types of a service's functions and codecs are all made of the stream's name.
    const accept = this.service[`accept_${name}`] as ((link: AnyEnd) => LinkEnd<unknown>) | undefined;
    const refusal = this.#refusal(stream);
    if (refusal) return void stream.emit("error", refusal);
    if (!accept) return void stream.emit("error", { code: status.UNIMPLEMENTED, details: `no ${name} here` });
    const { clock, log, limits } = this.parts;
    const { up, down } = frameCodecs[name] as { up: FrameCodec<unknown>; down: FrameCodec<unknown> };
    const peer = { stream: name, address: stream.getPeer() };
    const end: AnyEnd = new GrpcEnd(wireOf(stream), { peer, out: down, in: up, clock, log, limits });
    this.#ends.add(end);
    // The opener learns that it was let in before there is anything for it.
    stream.sendMetadata(new Metadata());
    stream.on("data", (message: Buffer) => end.arrived(message));
    stream.on("end", () => end.close("the peer closed"));
    stream.on("close", () => {
      this.#ends.delete(end);
      end.over("the stream broke");
    });
    try {
      end.attach(accept(end));
    } catch (error) {
      log.error({ ...peer, err: error }, "a link could not be accepted");
      end.close("not accepted");
    }
  }

  #answer(name: CallName, call: Call, done: sendUnaryData<Buffer>): void {
    const refusal = this.#refusal(call);
    if (refusal) return done(refusal);
    const answer = answerOf(this.service, name);
    if (!answer) return done({ code: status.UNIMPLEMENTED, details: `no ${name} here` });
    const method = callMethods[name];
    const work = async () => {
      const request = method.requestDeserialize(call.request);
      return method.responseSerialize((await answer(request as never)) as never);
    };
    work().then(
      (response) => done(null, response),
      (error: unknown) => {
        this.parts.log.error({ method: name, address: call.getPeer(), err: error }, "a call failed");
        done({ code: status.INTERNAL, details: "failed" });
      },
    );
  }
}

/**
 * The stream of a server. The library cannot cut it off singly: a message that the peer does not take stays
 * until the connection ends.
 */
function wireOf(stream: Stream) {
  let ended = false;
  const end = (reason: string) => {
    if (ended) return;
    ended = true;
    const trailers = new Metadata();
    trailers.set(reasonKey, Buffer.from(reason));
    stream.end(trailers);
  };
  const write = (message: Buffer, taken: () => void) => {
    stream.write(message, (error: unknown) => !error && taken());
  };
  return { write, end, abort: end };
}
