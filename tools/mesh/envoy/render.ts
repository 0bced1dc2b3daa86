import { readFileSync } from "node:fs";
import { type Document, isMap, isSeq, parseDocument, visit, YAMLMap } from "yaml";
import { parseAddress } from "../../../lib/config/values.js";
import type { CertificateFiles } from "../../certificates/authority.js";

/** The configuration as it runs in a cluster; this file is compiled to dist/tools/mesh/envoy. */
const sourceFile = new URL("../../../../envoy/envoy.yaml", import.meta.url);
const listenerAddress = ["static_resources", "listeners", 0, "address", "socket_address"];
const administrationAddress = ["admin", "address", "socket_address"];
const connectionManager = [
  ...["static_resources", "listeners", 0, "filter_chains", 0, "filters", 0, "typed_config"],
];
const sampling = [
  ...["tracing", "provider", "typed_config", "sampler", "typed_config", "wrapped_sampler", "typed_config"],
  "sampling_percentage",
];

/** What Envoy passes requests on to, by the names of its clusters; each a list of `host:port`. */
export interface EnvoyUpstreams {
  readonly web: readonly string[];
  readonly admin: readonly string[];
  readonly gatewaySockets: readonly string[];
  readonly gatewayStreams: readonly string[];
}

/** What differs from one place to another. Addresses are `host:port`, with an IP address as host. */
export interface EnvoySite {
  /** Where clients connect. */
  readonly listen: string;
  /** Where Envoy is administered; for loopback only. */
  readonly administration: string;
  /** What clients see. */
  readonly edge: CertificateFiles;
  /** What Envoy shows to services, and who signs their certificates. */
  readonly identity: CertificateFiles & { readonly authority: string };
  readonly upstreams: EnvoyUpstreams;
  /** Where traces go, by OTLP over gRPC; nothing is traced without. */
  readonly otlp?: string | undefined;
  /** Of requests that came without a trace, so many percent are sampled. */
  readonly sampling: number;
}

/**
 * The project's configuration of Envoy for a place: with addresses, files and sampling replaced, and nothing
 * else.
 *
 * @returns YAML
 * @throws Error if the configuration has no such part, or an address is not `host:port`
 */
export function renderEnvoy(site: EnvoySite): string {
  const document = parseDocument(readFileSync(sourceFile, "utf8"));
  setAddress(document, listenerAddress, site.listen);
  setAddress(document, administrationAddress, site.administration);
  setFiles(document, site);
  for (const [name, addresses] of Object.entries(site.upstreams)) setEndpoints(document, name, addresses);
  if (site.otlp !== undefined) {
    setEndpoints(document, "otlp", [site.otlp]);
    // A ten-thousandth of a percent is a millionth.
    replace(document, [...connectionManager, ...sampling, "numerator"], Math.round(site.sampling * 10_000));
  } else {
    document.deleteIn(clusterPath(document, "otlp"));
    document.deleteIn([...connectionManager, "tracing"]);
  }
  return document.toString({ lineWidth: 0 });
}

type Path = readonly (string | number)[];

/** Sets what must be there already: else the renderer and its source do not belong together. */
function replace(document: Document, path: Path, value: unknown): void {
  if (!document.hasIn(path)) throw new Error(`envoy.yaml has no ${path.join(".")}`);
  document.setIn(path, value);
}

function setAddress(document: Document, path: Path, text: string): void {
  const { address, port_value } = socketAddress(text);
  replace(document, [...path, "address"], address);
  replace(document, [...path, "port_value"], port_value);
}

function socketAddress(text: string): { address: string; port_value: number } {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is not host:port`);
  return { address: parsed.host, port_value: parsed.port };
}

/** Replaces names of files wherever they stand. */
function setFiles(document: Document, { edge, identity }: EnvoySite): void {
  const files = new Map([
    ["/etc/confab/tls/edge/tls.crt", edge.certificate],
    ["/etc/confab/tls/edge/tls.key", edge.key],
    ["/etc/confab/tls/mesh/tls.crt", identity.certificate],
    ["/etc/confab/tls/mesh/tls.key", identity.key],
    ["/etc/confab/tls/mesh/ca.crt", identity.authority],
  ]);
  const unused = new Set(files.keys());
  visit(document, {
    Scalar(_key, node) {
      const file = files.get(String(node.value));
      if (file === undefined) return;
      unused.delete(String(node.value));
      node.value = file;
    },
  });
  if (unused.size > 0) throw new Error(`envoy.yaml does not name ${[...unused].join(", ")}`);
}

function clusterPath(document: Document, name: string): (string | number)[] {
  const path = ["static_resources", "clusters"];
  const clusters = document.getIn(path);
  const index = isSeq(clusters)
    ? clusters.items.findIndex((cluster) => isMap(cluster) && cluster.get("name") === name)
    : -1;
  if (index < 0) throw new Error(`envoy.yaml has no cluster ${name}`);
  return [...path, index];
}

/** Fixed addresses in place of a DNS name. */
function setEndpoints(document: Document, name: string, addresses: readonly string[]): void {
  const path = clusterPath(document, name);
  const cluster = document.getIn(path);
  if (!(cluster instanceof YAMLMap)) throw new Error(`envoy.yaml: cluster ${name} is no map`);
  const lb_endpoints = addresses.map((text) => ({
    endpoint: { address: { socket_address: socketAddress(text) } },
  }));
  replace(document, [...path, "load_assignment", "endpoints"], document.createNode([{ lb_endpoints }]));
  cluster.delete("cluster_type");
  cluster.set("type", "STATIC");
}
