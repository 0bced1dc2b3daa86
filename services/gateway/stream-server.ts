import type { ServerCredentials } from "@grpc/grpc-js";
import { RealtimeService } from "../../gen/confab/v1/realtime.js";
import { implement, type Surroundings } from "../../lib/rpc/implement.js";
import { loadDescriptors } from "../../lib/rpc/reflection.js";
import { createRpcServer, type RpcServer } from "../../lib/rpc/server.js";
import type { StreamHandler } from "../../lib/rpc/stream.js";

/** What offers a gateway's streams. */
export interface StreamServerParts extends Surroundings {
  readonly subscribe: StreamHandler;
  readonly credentials: ServerCredentials;
}

/** Makes the gRPC face of a gateway, which has streams only: `Realtime.Subscribe`. */
export function createStreamServer(parts: StreamServerParts): RpcServer {
  const { clock, credentials, subscribe } = parts;
  const services = [implement(RealtimeService, {}, parts, { subscribe })];
  return createRpcServer({ clock, credentials, descriptors: loadDescriptors(), services });
}
