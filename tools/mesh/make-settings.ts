import { freePort, isFreePort } from "../testing/free-ports.js";
import { allotPorts, portsNeeded } from "./ports.js";
import { type Counts, countsDefault, edgePortDefault, type Settings, samplingDefault } from "./settings.js";

/** What the user, or a test, asks a mesh to be. */
export interface MeshRequest {
  readonly counts?: Partial<Counts>;
  /** Where Envoy takes clients; 0 for a free port. */
  readonly port?: number;
  /** Removes what a mesh of the same folder kept. */
  readonly fresh?: boolean;
  /** A collector that takes OTLP by gRPC, `http://host:port`, instead of a Jaeger of the mesh. */
  readonly otlp?: string;
  /** Whether the mesh may run a Jaeger; true unless given. */
  readonly jaeger?: boolean;
  /** In percent, of the requests that come without a trace. */
  readonly sampling?: number;
  /** A Cassandra that is there already. */
  readonly cassandra?: Settings["cassandra"];
  readonly etcdPrefix?: string;
  /** Variables for all services. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Decides what a mesh is made of.
 *
 * @param before what the folder's mesh was the time before: it keeps its ports, as far as it can
 * @param hasJaeger whether the component is there: nobody waits for its long build
 */
export async function makeSettings(
  request: MeshRequest,
  before: Settings | undefined,
  hasJaeger: boolean,
): Promise<Settings> {
  const counts = { ...countsDefault, ...request.counts };
  const jaeger = request.otlp === undefined && request.jaeger !== false && hasJaeger;
  const needed = portsNeeded(counts, { cassandra: request.cassandra === undefined, jaeger });
  const ports = await allotPorts(needed, before?.ports ?? {});
  const otlp = jaeger ? `127.0.0.1:${ports.jaeger! + otlpOffset}` : hostOf(request.otlp);
  return {
    counts,
    // A part that is not there this time has its ports again when it comes back.
    ports: { ...before?.ports, ...ports },
    edgePort: await edgePort(request.port ?? edgePortDefault),
    ...(otlp !== undefined && { otlp }),
    jaeger,
    sampling: request.sampling ?? samplingDefault,
    ...(request.cassandra && { cassandra: request.cassandra }),
    etcdPrefix: request.etcdPrefix ?? "confab/",
    variables: { ...request.variables },
  };
}

/** Jaeger's third port takes traces (tools/components/servers/jaeger.ts). */
const otlpOffset = 2;

async function edgePort(wanted: number): Promise<number> {
  if (wanted === 0) return freePort();
  if (await isFreePort(wanted)) return wanted;
  throw new Error(`somebody listens at 127.0.0.1:${wanted} already; choose another port by --port`);
}

/** @throws Error if the text is no URL of a collector */
function hostOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const [, host] = /^http:\/\/([^/\s@]+:\d{1,5})\/?$/.exec(url) ?? [];
  if (host === undefined) throw new Error(`${url} is no collector: it must be http://HOST:PORT`);
  // Envoy takes addresses only.
  return host.replace(/^localhost:/, "127.0.0.1:");
}
