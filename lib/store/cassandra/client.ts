import { readFileSync } from "node:fs";
import { Client, ExecutionProfile, policies, types } from "cassandra-driver";
import { repair } from "./driver-repairs.js";
import { NoRetries, ReadRetries } from "./retries.js";

/** How to reach a cluster. */
export interface ClusterOptions {
  readonly contactPoints: readonly { readonly host: string; readonly port: number }[];
  /** The data centre whose nodes are spoken to and whose quorum counts. */
  readonly localDatacenter: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly tls?: TlsFiles;
  /** How long to wait for an answer; by default longer than the servers themselves, which tell more. */
  readonly requestMsMax?: number;
}

/** Files in PEM. */
export interface TlsFiles {
  /** Who signs the nodes' certificates. */
  readonly authority: string;
  /** What the client shows of itself, if it must. */
  readonly certificate?: string;
  readonly key?: string;
}

const requestMsMaxDefault = 6000;
const connectMsMax = 5000;
const reconnectMsMin = 100;
const reconnectMsMax = 2000;
/** Requests that the driver has in flight on one connection; more than this store ever has. */
const perConnectionMax = 2048;

/** Name of the profile for what may be asked twice. */
export const readProfile = "reads";

/** A client of the driver that is not connected yet, set up for reads and writes at the local quorum. */
export function createClient(options: ClusterOptions): Client {
  const { contactPoints, localDatacenter, credentials, tls, requestMsMax = requestMsMaxDefault } = options;
  const common = {
    consistency: types.consistencies.localQuorum,
    serialConsistency: types.consistencies.localSerial,
  };
  const client = new Client({
    contactPoints: contactPoints.map(
      ({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`,
    ),
    localDataCenter: localDatacenter,
    ...(credentials && { credentials: { ...credentials } }),
    ...(tls && { sslOptions: secure(tls) }),
    policies: {
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(reconnectMsMin, reconnectMsMax),
      speculativeExecution: new policies.speculativeExecution.NoSpeculativeExecutionPolicy(),
      retry: new NoRetries(),
    },
    profiles: [
      new ExecutionProfile("default", { ...common, retry: new NoRetries() }),
      new ExecutionProfile(readProfile, { ...common, retry: new ReadRetries() }),
    ],
    queryOptions: { prepare: true, isIdempotent: false },
    pooling: { maxRequestsPerConnection: perConnectionMax },
    socketOptions: { readTimeout: requestMsMax, connectTimeout: connectMsMax },
  });
  return repair(client);
}

/** The driver would take any certificate unless it is told not to. */
function secure({ authority, certificate, key }: TlsFiles) {
  return {
    rejectUnauthorized: true,
    ca: [readFileSync(authority)],
    ...(certificate && { cert: readFileSync(certificate) }),
    ...(key && { key: readFileSync(key) }),
  };
}
