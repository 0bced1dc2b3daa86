import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalogue } from "../components/catalogue.js";
import { findComponent, howToGet } from "../components/find.js";
import type { ComponentName } from "../components/lock.js";
import { type Launch, whyNotGood } from "../components/servers/launch.js";
import { at, edgeAddresses, type ServicePlan, servicePlans } from "./environment.js";
import { renderEnvoy } from "./envoy/render.js";
import type { MeshFolder } from "./mesh-folder.js";
import { servicePorts } from "./ports.js";
import { envoyTitles } from "./secrets.js";
import type { Settings } from "./settings.js";

/** Everything that a mesh consists of, by what has to be there before the next. */
export interface MeshLaunches {
  /** etcd, Cassandra and Jaeger, as far as the mesh has its own. */
  readonly components: readonly Launch[];
  readonly services: readonly Launch[];
  readonly envoy: Launch;
}

/** How the processes of a mesh are started. Writes the configurations that some of them read. */
export async function meshLaunches(settings: Settings, folder: MeshFolder): Promise<MeshLaunches> {
  const { counts, ports, cassandra, jaeger } = settings;
  const plans = servicePlans(settings, folder);
  const members = await component("etcd", counts.etcds);
  const components = [
    ...(cassandra ? [] : await component("cassandra")),
    // They are started at once, so that each may wait for the others.
    ...members.map((one) => ({ ...one, whyNotReady: () => whyNotGood(`${one.addresses.clients}/health`) })),
    ...(jaeger ? await component("jaeger") : []),
  ];
  const [envoy] = await component("envoy", 1, writeEnvoyConfig(settings, folder, plans));
  const edge = edgeAddresses(settings);
  return {
    components,
    services: plans.map(serviceLaunch),
    envoy: { ...envoy!, addresses: { clients: edge.url, ...envoy!.addresses } },
  };

  async function component(name: ComponentName, members = 1, config?: string): Promise<Launch[]> {
    const files = findComponent(name);
    const { server } = catalogue[name];
    if (!server || !files) throw new Error(`${name} is not there; get it by: ${howToGet(name)}`);
    // Members of a cluster know each other: data of one alone is none of three.
    const data = folder.at(members === 1 ? name : `${name}-${members}`);
    mkdirSync(data, { recursive: true });
    return server.launches({ folder: files, data, members, port: ports[name], config });
  }
}

function serviceLaunch({ name, service, variables, addresses }: ServicePlan): Launch {
  const program = fileURLToPath(new URL(`../../services/${service}/main.js`, import.meta.url));
  const whyNotReady = () => whyNotGood(`${addresses.observation}/health/ready`);
  return { name, command: process.execPath, args: [program], env: variables, addresses, whyNotReady };
}

function writeEnvoyConfig(settings: Settings, folder: MeshFolder, plans: readonly ServicePlan[]): string {
  const { ports, edgePort, otlp, sampling } = settings;
  const of = (service: string) =>
    plans.filter((plan) => plan.service === service).map(({ name }) => servicePorts(ports[name]!));
  const text = renderEnvoy({
    listen: at(edgePort),
    administration: at(ports.envoy),
    edge: folder.certificate(envoyTitles.edge),
    identity: {
      ...folder.certificate(envoyTitles.identity),
      authority: folder.certificate("authority").certificate,
    },
    upstreams: {
      web: of("web").map(({ main }) => at(main)),
      admin: of("admin").map(({ main }) => at(main)),
      gatewaySockets: of("gateway").map(({ main }) => at(main)),
      gatewayStreams: of("gateway").map(({ streams }) => at(streams)),
    },
    ...(otlp !== undefined && { otlp }),
    sampling,
  });
  mkdirSync(folder.path, { recursive: true });
  const file = folder.at("envoy.yaml");
  writeFileSync(file, text);
  return file;
}
