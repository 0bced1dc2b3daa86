import { freePorts, isFreePort } from "../testing/free-ports.js";
import type { Counts } from "./settings.js";

/** The services that run as processes of a mesh, in the order in which they begin. */
export const serviceNames = ["charm", "channel", "admin", "gateway", "web"] as const;

export type ServiceName = (typeof serviceNames)[number];

/** How many ports in a row a process takes; those of a service are told by `servicePorts`. */
const sizes = { service: 3, etcd: 22, cassandra: 2, jaeger: 5, envoy: 1, edge: 1 };

/** The ports of a service's process, from its first one on. */
export function servicePorts(first: number): { main: number; observation: number; streams: number } {
  return { main: first, observation: first + 1, streams: first + 2 };
}

/** The names of all processes of services, as in `channel-2`. */
export function serviceProcesses(counts: Counts): { name: string; service: ServiceName }[] {
  return serviceNames.flatMap((service) =>
    Array.from({ length: counts[`${service}s`] }, (_, i) => ({ name: `${service}-${i + 1}`, service })),
  );
}

/** How many ports each part of a mesh needs. */
export function portsNeeded(
  counts: Counts,
  has: { readonly cassandra: boolean; readonly jaeger: boolean },
): Map<string, number> {
  return new Map([
    ["etcd", sizes.etcd],
    ...(has.cassandra ? [["cassandra", sizes.cassandra] as const] : []),
    ...(has.jaeger ? [["jaeger", sizes.jaeger] as const] : []),
    ...serviceProcesses(counts).map(({ name }) => [name, sizes.service] as const),
    ["envoy", sizes.envoy],
  ]);
}

/** How ports are found; another one in tests. */
export interface PortSource {
  /** The first of so many ports in a row that nobody uses. */
  find(count: number): Promise<number>;
  isFree(port: number): Promise<boolean>;
}

const systemPorts: PortSource = { find: freePorts, isFree: isFreePort };

/**
 * The first port of each part: the one of the time before if all of its ports are free, else others.
 * @throws Error where etcd cannot have its own: members of a cluster know each other by them
 */
export async function allotPorts(
  needed: ReadonlyMap<string, number>,
  before: Readonly<Record<string, number>>,
  source: PortSource = systemPorts,
): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const [name, count] of needed) {
    const kept = before[name];
    if (kept !== undefined && (await areFree(kept, count, source))) ports[name] = kept;
    else if (kept !== undefined && name === "etcd") throw new Error(portsTaken(kept, count));
    else ports[name] = await source.find(count);
  }
  return ports;
}

async function areFree(first: number, count: number, source: PortSource): Promise<boolean> {
  const ports = Array.from({ length: count }, (_, i) => first + i);
  return (await Promise.all(ports.map((port) => source.isFree(port)))).every((free) => free);
}

function portsTaken(first: number, count: number): string {
  const range = `${first} to ${first + count - 1}`;
  return `somebody listens at one of the ports ${range}, which etcd keeps as long as its data`;
}
