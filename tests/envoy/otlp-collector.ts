import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Server, ServerCredentials } from "@grpc/grpc-js";

/** What a test looks at of a span. */
export interface SeenSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** Takes spans by OTLP over gRPC, in plain text. */
export class OtlpCollector {
  readonly spans: SeenSpan[] = [];
  port = 0;
  readonly #server = new Server();

  private constructor() {
    const asIs = (value: Buffer) => value;
    const coding = { requestSerialize: asIs, requestDeserialize: asIs };
    const method = { path, requestStream: false, responseStream: false, ...coding };
    this.#server.addService(
      { export: { ...method, responseSerialize: asIs, responseDeserialize: asIs } },
      {
        export: (call: { request: Buffer }, callback: (error: null, answer: Buffer) => void) => {
          this.spans.push(...readSpans(call.request));
          callback(null, Buffer.alloc(0));
        },
      },
    );
  }

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    collector.port = await new Promise<number>((resolve, reject) => {
      collector.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    return collector;
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

/** Field numbers are those of opentelemetry/proto/{collector/trace,trace,common,resource}/v1. */
function readSpans(request: Uint8Array): SeenSpan[] {
  return fields(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(fields(resourceSpans, 1)[0], 1);
    return fields(resourceSpans, 2)
      .flatMap((scopeSpans) => fields(scopeSpans, 2))
      .map((span) => ({
        service: resource["service.name"] ?? "",
        traceId: hex(fields(span, 1)[0]),
        spanId: hex(fields(span, 2)[0]),
        parentId: hex(fields(span, 4)[0]),
        name: text(fields(span, 5)[0]),
        attributes: attributesOf(span, 9),
      }));
  });
}

function attributesOf(message: Uint8Array | undefined, field: number): Record<string, string> {
  const pairs = message ? fields(message, field) : [];
  return Object.fromEntries(
    pairs.map((pair) => [
      text(fields(pair, 1)[0]),
      text(fields(fields(pair, 2)[0] ?? new Uint8Array(), 1)[0]),
    ]),
  );
}

/** Values of a field that has a length. */
function fields(message: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === wanted && type === 2) found.push(reader.bytes());
    else reader.skip(type, number);
  }
  return found;
}

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8");
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");
