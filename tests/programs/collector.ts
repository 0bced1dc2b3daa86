import { EventEmitter, once } from "node:events";
import { Server, ServerCredentials } from "@grpc/grpc-js";

const same = (bytes: Buffer) => bytes;
const method = {
  path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  ...({ requestStream: false, responseStream: false } as const),
  ...{ requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same },
};

/** A collector of traces that keeps what it is sent, each time the spans of one service. */
export class Collector {
  readonly #server = new Server();
  readonly #batches: Buffer[] = [];
  readonly #arrived = new EventEmitter();

  /** Listens; resolves with the URL. */
  async start(): Promise<string> {
    this.#server.addService(
      { export: method },
      {
        export: (call: { request: Buffer }, done: (error: null, response: Buffer) => void) => {
          this.#batches.push(call.request);
          this.#arrived.emit("batch");
          done(null, Buffer.alloc(0));
        },
      },
    );
    return new Promise((resolve, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(`http://127.0.0.1:${port}`);
      });
    });
  }

  /** Resolves once a service has sent spans of a trace (hexadecimal id). */
  async heard(service: string, traceId: string): Promise<void> {
    const isIt = (batch: Buffer) =>
      batch.includes(`confab-${service}`) && batch.includes(Buffer.from(traceId, "hex"));
    while (!this.#batches.some(isIt)) await once(this.#arrived, "batch");
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
