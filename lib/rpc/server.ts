import { Server, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { ReflectionService } from "@grpc/reflection";
import { HealthImplementation } from "grpc-health-check";
import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import type { Implementation } from "./implement.js";
import * as limits from "./limits.js";

/** What a server is made of. */
export interface RpcServerParts {
  readonly clock: Clock;
  /** The contract, for reflection. */
  readonly descriptors: PackageDefinition;
  readonly services: readonly Implementation[];
  /** Plain text unless given. */
  readonly credentials?: ServerCredentials | undefined;
}

/** A gRPC server with health (v1) and reflection. */
export interface RpcServer {
  /** Listens at `host:port` (port 0 picks one); resolves with the port. */
  listen(address: string): Promise<number>;
  /** Reports NOT_SERVING, so that no calls are sent here any more; answers those that are until `close`. */
  drain(): void;
  /** Reports NOT_SERVING, lets calls under way end, and ends them itself after a while. */
  close(): Promise<void>;
}

const options: ServerOptions = {
  "grpc.max_receive_message_length": limits.requestBytesMax,
  "grpc.max_send_message_length": limits.responseBytesMax,
  "grpc.max_metadata_size": limits.metadataBytesMax,
  "grpc.max_concurrent_streams": limits.callsPerConnectionMax,
  "grpc.keepalive_time_ms": limits.keepaliveAfterMs,
  "grpc.keepalive_timeout_ms": limits.keepaliveTimeoutMs,
};

/** Makes a server; it offers nothing before `listen`. */
export function createRpcServer(parts: RpcServerParts): RpcServer {
  const server = new Server(options);
  const names = parts.services.map(nameOf);
  const health = new HealthImplementation();
  const report = (status: "SERVING" | "NOT_SERVING") => {
    for (const name of ["", ...names]) health.setStatus(name, status);
  };
  for (const { definition, methods } of parts.services) server.addService(definition, methods);
  health.addToServer(server);
  new ReflectionService(parts.descriptors, { services: names }).addToServer(server);

  report("NOT_SERVING");
  let closing: Promise<void> | undefined;
  return {
    async listen(address) {
      const port = await bind(server, address, parts.credentials ?? ServerCredentials.createInsecure());
      if (closing) throw new ConfabError("unavailable", "", "the server was closed");
      report("SERVING");
      return port;
    },
    drain: () => report("NOT_SERVING"),
    close() {
      report("NOT_SERVING");
      closing ??= shutDown(server, parts.clock);
      return closing;
    },
  };
}

function nameOf({ definition }: Implementation): string {
  return Object.values(definition)[0]?.path.split("/")[1] ?? "";
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function shutDown(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(limits.closeGraceMs, () => server.forceShutdown());
    server.tryShutdown(() => {
      timer.cancel();
      resolve();
    });
  });
}
