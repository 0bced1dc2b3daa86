import { MeshStage } from "../../mesh/mesh-stage.js";
import type { CheckContext } from "../check.js";
import { LocalServer } from "../local-server.js";
import type { Server } from "../server.js";
import { startJaeger } from "./jaeger.js";

/** A system that traces, wherever its services are. */
export interface TracedSystem extends Server {
  /** Base URL of the Jaeger that gets its traces. */
  readonly jaeger: string;
  /** Value of `db.system.name` at its store. */
  readonly store: string;
  /** Envoy is in front of it. */
  readonly hasEdge: boolean;
}

/** What the check can be run on, by its name; each is started for it, with two gateways, and ends with it. */
export const targets: Readonly<Record<string, (context: CheckContext) => Promise<TracedSystem>>> = {
  mesh: startMesh,
  local: startLocal,
};

/** Every service as processes of their own behind Envoy, on Cassandra and etcd. */
async function startMesh(context: CheckContext): Promise<TracedSystem> {
  const { otlp, query } = await startJaeger(context);
  const mesh = new MeshStage((line) => context.progress(line));
  context.defer(() => mesh.close());
  const server = await mesh.start({ otlp });
  return { ...server, jaeger: query, store: "cassandra", hasEdge: true };
}

/** All services in one process, which samples nothing by itself: the client asks for the trace. */
async function startLocal(context: CheckContext): Promise<TracedSystem> {
  const { otlp, query } = await startJaeger(context);
  const args = ["--gateways", "2", "--tracing-endpoint", otlp];
  const server = new LocalServer(context.folder, args);
  context.defer(() => server.close());
  return { ...(await server.start()), jaeger: query, store: "sqlite", hasEdge: false };
}
