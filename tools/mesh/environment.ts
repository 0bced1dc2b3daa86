import type { MeshFolder } from "./mesh-folder.js";
import { type ServiceName, servicePorts, serviceProcesses } from "./ports.js";
import type { Settings } from "./settings.js";

const host = "127.0.0.1";
/** All of a mesh on one machine is in one place. */
const region = "local";

/** A process of a service and what it is told. */
export interface ServicePlan {
  readonly name: string;
  readonly service: ServiceName;
  readonly variables: Readonly<Record<string, string>>;
  /** Where it listens, by what for. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Where one part listens. */
export function at(port: number | undefined): string {
  if (port === undefined) throw new Error("a part of the mesh has no port");
  return `${host}:${port}`;
}

/** Where clients find the mesh. */
export function edgeAddresses({ edgePort }: Pick<Settings, "edgePort">) {
  const grpc = at(edgePort);
  return { url: `https://${grpc}`, ws: `wss://${grpc}/v1/socket`, grpc };
}

/** Where the traces of a mesh with a Jaeger are looked at: at its first port. */
export function jaegerUrl({ jaeger, ports }: Settings): string | undefined {
  return jaeger ? `http://${at(ports.jaeger)}` : undefined;
}

/** Where clients of etcd find its members. */
function etcdUrls({ counts, ports }: Settings): string[] {
  return Array.from({ length: counts.etcds }, (_, i) => `http://${at(ports.etcd! + portsPerEtcd * i)}`);
}

/** As the members of a started etcd are spread (tools/components/servers/etcd.ts). */
const portsPerEtcd = 10;

/** What a service is told to reach etcd and Cassandra. */
export function storeVariables(settings: Settings): Record<string, string> {
  const { cassandra, ports } = settings;
  return {
    CONFAB_CASSANDRA_CONTACT_POINTS: cassandra?.contactPoints.join(",") ?? at(ports.cassandra),
    CONFAB_CASSANDRA_KEYSPACE: cassandra?.keyspace ?? "confab",
    // Its one node is the only copy of everything.
    CONFAB_CASSANDRA_ALLOW_DATA_LOSS: "true",
  };
}

function coordinationVariables(settings: Settings): Record<string, string> {
  return {
    CONFAB_ETCD_ENDPOINTS: etcdUrls(settings).join(","),
    CONFAB_ETCD_PREFIX: settings.etcdPrefix,
  };
}

function tracingVariables({ otlp, sampling }: Settings): Record<string, string> {
  if (otlp === undefined) return {};
  return { CONFAB_TRACING_ENDPOINT: `http://${otlp}`, CONFAB_TRACING_RATIO: String(sampling / 100) };
}

/** The processes of all services, and what each is told. */
export function servicePlans(settings: Settings, folder: MeshFolder): ServicePlan[] {
  const common = {
    ...settings.variables,
    ...storeVariables(settings),
    ...coordinationVariables(settings),
    ...tracingVariables(settings),
  };
  return serviceProcesses(settings.counts).map(({ name, service }) => {
    const first = settings.ports[name]!;
    const { certificate, key } = folder.certificate(name);
    const identity = {
      CONFAB_TLS_AUTHORITY: folder.certificate("authority").certificate,
      CONFAB_TLS_CERTIFICATE: certificate,
      CONFAB_TLS_KEY: key,
      CONFAB_OBSERVATION_ADDRESS: at(servicePorts(first).observation),
    };
    const own = ownVariables[service]({ name, first, settings, folder });
    return {
      ...{ name, service, variables: { ...common, ...identity, ...own } },
      addresses: addressesOf(service, first),
    };
  });
}

interface Own {
  readonly name: string;
  /** The first port of the process. */
  readonly first: number;
  readonly settings: Settings;
  readonly folder: MeshFolder;
}

/** What only processes of one service are told. */
const ownVariables: Readonly<Record<ServiceName, (own: Own) => Record<string, string>>> = {
  charm: ({ name }) => ({ CONFAB_MEMBER_ID: name }),
  channel: ({ name, first }) => ({ CONFAB_MEMBER_ID: name, CONFAB_ADDRESS: at(first) }),
  admin: ({ first, folder }) => ({ CONFAB_ADDRESS: at(first), CONFAB_TICKET_KEY: folder.ticketKey }),
  gateway: ({ name, first, settings, folder }) => ({
    CONFAB_MEMBER_ID: name,
    CONFAB_ADDRESS: at(first),
    CONFAB_STREAM_ADDRESS: at(servicePorts(first).streams),
    CONFAB_PUBLIC_URL: edgeAddresses(settings).ws,
    CONFAB_REGION: region,
    CONFAB_TICKET_KEY: folder.publicTicketKey,
  }),
  web: ({ first, settings, folder }) => ({
    CONFAB_ADDRESS: at(first),
    CONFAB_ADMIN_ADDRESSES: adminAddresses(settings),
    CONFAB_TICKET_KEY: folder.ticketKey,
  }),
};

function adminAddresses({ counts, ports }: Settings): string {
  const admins = serviceProcesses(counts).filter(({ service }) => service === "admin");
  return admins.map(({ name }) => at(ports[name])).join(",");
}

function addressesOf(service: ServiceName, first: number): Record<string, string> {
  const { main, observation, streams } = servicePorts(first);
  const url = `http://${at(observation)}`;
  if (service === "charm") return { observation: url };
  if (service === "gateway") return { sockets: at(main), streams: at(streams), observation: url };
  return { [service === "web" ? "HTTP" : "gRPC"]: at(main), observation: url };
}
