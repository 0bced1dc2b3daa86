import {
  type ChannelCredentials,
  Client,
  Metadata,
  type MethodDefinition,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { fromGrpcError } from "../errors/grpc-error.js";
import { connectionTo } from "./connection.js";
import { deadlineDefaultMs, responseBytesMax } from "./limits.js";
import type { RequestOf, ResponseOf, UnaryMethod } from "./methods.js";

/** Whom to call, and as whom. */
export interface RpcClientOptions {
  /** `host:port` */
  readonly address: string;
  /** Sent as bearer with every call. */
  readonly token?: string;
  /** How long a call may take. */
  readonly timeoutMs?: number;
  /** Plain text unless these or `ca` are given. */
  readonly credentials?: ChannelCredentials;
  /** Certificates in PEM of who must have signed the server's: the connection is TLS. */
  readonly ca?: string | undefined;
}

/** The unary methods of a service; failures are `ConfabError`s. */
export type Methods<Definition> = {
  readonly [Name in keyof Definition as Definition[Name] extends UnaryMethod ? Name : never]: (
    request: RequestOf<Definition[Name]>,
  ) => Promise<ResponseOf<Definition[Name]>>;
};

/** Calls the services of one server over one connection. */
export class RpcClient {
  readonly #client: Client;

  constructor(private readonly options: RpcClientOptions) {
    const { address, ca } = options;
    const connection = connectionTo(address, ca);
    this.#client = new Client(address, options.credentials ?? connection.credentials, {
      ...connection.options,
      "grpc.max_receive_message_length": responseBytesMax,
    });
  }

  /** The methods of one service. */
  service<Definition extends ServiceDefinition>(definition: Definition): Methods<Definition> {
    const unary = Object.entries(definition).filter(
      ([, { requestStream, responseStream }]) => !requestStream && !responseStream,
    );
    const methods = unary.map(([name, method]) => [name, (request: unknown) => this.#call(method, request)]);
    return Object.fromEntries(methods);
  }

  #call(method: MethodDefinition<unknown, unknown>, request: unknown): Promise<unknown> {
    const metadata = new Metadata();
    if (this.options.token) metadata.set("authorization", `Bearer ${this.options.token}`);
    const deadline = Date.now() + (this.options.timeoutMs ?? deadlineDefaultMs);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline },
        (error, response) => (error ? reject(fromGrpcError(error)) : resolve(response)),
      );
    });
  }

  /** Ends the connection; calls under way fail. Safe to call twice. */
  close(): void {
    this.#client.close();
  }
}
