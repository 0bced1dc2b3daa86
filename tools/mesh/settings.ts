import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const count = z.number().int().min(1).max(16);

const countsSchema = z.object({
  etcds: z.union([z.literal(1), z.literal(3)]),
  charms: count,
  channels: count,
  admins: count,
  gateways: count,
  webs: count,
});

/** How many processes of each kind. */
export type Counts = z.output<typeof countsSchema>;

const settingsSchema = z.object({
  counts: countsSchema,
  /** The first port of each process, on loopback. */
  ports: z.record(z.string(), z.number()),
  /** Port at which Envoy takes clients. */
  edgePort: z.number(),
  /** Where traces go, as `host:port` of a collector that takes OTLP by gRPC; nowhere without. */
  otlp: z.string().optional(),
  /** Whether that collector is a Jaeger of the mesh. */
  jaeger: z.boolean(),
  /** Of the requests that come without a trace, so many are traced, in percent. */
  sampling: z.number().min(0).max(100),
  /** A Cassandra that somebody else runs; the mesh runs one of its own without. */
  cassandra: z.object({ contactPoints: z.array(z.string()), keyspace: z.string() }).optional(),
  /** In front of every key in etcd. */
  etcdPrefix: z.string(),
  /** Variables that the user has set for all services. */
  variables: z.record(z.string(), z.string()),
});

/** All that decides which processes a mesh has and what they are told; kept while it runs and after. */
export type Settings = z.output<typeof settingsSchema>;

/** What is started unless the user says otherwise: whatever may be lost is there twice. */
export const countsDefault: Counts = { etcds: 3, charms: 2, channels: 3, admins: 2, gateways: 2, webs: 1 };

/** Most of the requests of a busy mesh would be traced for nobody; one can ask for a trace of its own. */
export const samplingDefault = 1;

/** Where clients find the mesh unless the user says otherwise. */
export const edgePortDefault = 8443;

/** What `formatSettings` wrote to a file; undefined if there is none. */
export function readSettings(file: string): Settings | undefined {
  return existsSync(file) ? settingsSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** The content of the file of settings. */
export function formatSettings(settings: Settings): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

/** Variables that concern every service and that a user may want to change for a whole mesh. */
const passedOn = /^CONFAB_(RATE_LIMITS_|ACTIVE_CHANNELS_|LOG_LEVEL$|DRAIN_MS$|SOCKET_ENGINE$)/;

/**
 * Of an environment, what services of a mesh are told too. The rest of `CONFAB_…` is about another server:
 * addresses, stores and tokens of a mesh are the mesh's own.
 */
export function variablesPassedOn(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return Object.fromEntries(entries.filter(([name]) => passedOn.test(name)));
}

/** An environment without what it says of Confab. */
export function withoutVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("CONFAB_")));
}
