import {
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { RealtimeService } from "../../gen/confab/v1/realtime.js";
import { serverCredentials } from "../../lib/tls/credentials.js";
import type { Identity } from "../../lib/tls/identity.js";
import { loadContract } from "../../services/web/contract/methods.js";

const asIs = (value: Buffer) => value;

/** A call that reached a server. */
export interface Call {
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A server of the contract that demands a certificate and writes down what reaches it. */
export class GrpcUpstream {
  readonly calls: Call[] = [];
  /** Called with each unary call; it is answered unless this says not to. */
  mayAnswer: (call: Call) => boolean = () => true;
  port = 0;
  isGone = false;
  readonly #server = new Server();
  readonly #health = new HealthImplementation({ "": "SERVING" });

  private constructor(readonly name: string) {
    this.#server.addService(this.#definition(), this.#handlers());
    this.#health.addToServer(this.#server);
  }

  static async start(name: string, identity: Identity): Promise<GrpcUpstream> {
    const upstream = new GrpcUpstream(name);
    upstream.port = await new Promise<number>((resolve, reject) => {
      upstream.#server.bindAsync("127.0.0.1:0", serverCredentials(identity), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return upstream;
  }

  report(health: "SERVING" | "NOT_SERVING"): void {
    this.#health.setStatus("", health);
  }

  /** Ends at once, and all connections with it. */
  stop(): void {
    this.isGone = true;
    this.#server.forceShutdown();
  }

  /** All methods, with bytes as they come. */
  #definition(): ServiceDefinition {
    const methods = [...loadContract().values()].map(
      ({ path, isStream }): MethodDefinition<Buffer, Buffer> => {
        const streams = { requestStream: isStream, responseStream: isStream };
        const coding = { requestSerialize: asIs, requestDeserialize: asIs };
        return { path, ...streams, ...coding, responseSerialize: asIs, responseDeserialize: asIs };
      },
    );
    return Object.fromEntries(methods.map((method) => [method.path, method]));
  }

  #handlers(): Record<string, handleUnaryCall<Buffer, Buffer> | handleBidiStreamingCall<Buffer, Buffer>> {
    const unary: handleUnaryCall<Buffer, Buffer> = (received, callback) => {
      const call = { path: received.getPath(), metadata: received.metadata.getMap() };
      this.calls.push(call);
      if (this.mayAnswer(call)) callback(null, Buffer.from(this.name));
    };
    const echo: handleBidiStreamingCall<Buffer, Buffer> = (stream) => {
      this.calls.push({ path: stream.getPath(), metadata: stream.metadata.getMap() });
      stream.write(Buffer.from(this.name));
      stream.on("data", (bytes: Buffer) => stream.write(bytes));
      stream.on("end", () => stream.end());
      stream.on("error", (error) => void error);
    };
    const paths = [...loadContract().keys()];
    return Object.fromEntries(
      paths.map((path) => [path, path === RealtimeService.subscribe.path ? echo : unary]),
    );
  }
}
