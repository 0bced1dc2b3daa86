import { z } from "zod";
import { addressText, nameList, parseAddress } from "../config/values.js";
import { coordinatorVariables } from "../coordination/config.js";
import { logLevels } from "../log/pino-log.js";
import { cassandraVariables } from "../store/cassandra/config.js";
import { tlsVariables } from "../tls/config.js";
import type { Identity } from "../tls/identity.js";
import { tracingVariables } from "../tracing/config.js";

/** Longest time that can be set for a drain, in ms. */
const drainMsMax = 600_000;

/**
 * Variables of every service in a process of its own.
 *
 * @param observationPort where it is observed unless told otherwise, so that all fit on one machine
 */
export function programVariables(observationPort: number) {
  return {
    observationAddress: addressText()
      .default(`127.0.0.1:${observationPort}`)
      .describe("Where to listen for who observes the process: /metrics and /health, by plain HTTP."),
    etcd: coordinatorVariables.etcd,
    cassandra: cassandraVariables,
    ...tlsVariables,
    ...tracingVariables,
    logLevel: z.enum(logLevels).default("info").describe("What is logged to stderr."),
  };
}

/** Where a service listens. */
export function listenVariable(what: string, standard: string) {
  return addressText().default(standard).describe(`Where to listen for ${what}, as host:port.`);
}

/** The name of one of several. */
export const memberIdVariable = z
  .string()
  .regex(/^[\w.-]{1,100}$/, "must be 1 to 100 letters, digits, '.', '_' and '-'")
  .describe("Name of this one among its like. Stays the same over restarts, and no two have the same.");

/** Which part of the world it is in. */
export function regionVariable(description: string) {
  return z.string().default("").describe(description);
}

/** What signs or checks tickets. */
export const ticketKeyVariable = z
  .string()
  .describe("File with the Ed25519 key, as JWK, of the tickets that open sockets.");

/** How long a process that is to end goes on. */
export function drainVariable(standardMs: number, what: string) {
  return z.coerce.number().int().min(0).max(drainMsMax).default(standardMs).describe(what);
}

/** The admins that web passes calls on to. */
export const adminAddressesVariable = nameList()
  .default(["127.0.0.1:50051"])
  .refine(areTargets, "must be host:port, or several as IP:port, …, or one dns:///name:port")
  .describe(
    "Where admins listen: host:port; several, which take turns, as IP:port separated by commas; or " +
      "dns:///name:port, behind whose name there may be several.",
  );

function areTargets(all: readonly string[]): boolean {
  const [first = ""] = all;
  if (all.length === 1) return parseAddress(first.replace(/^dns:\/\/\//, "")) !== undefined;
  const families = all.map((text) => familyOf(parseAddress(text)?.host ?? ""));
  return families.length > 0 && families.every((family) => family !== 0 && family === families[0]);
}

function familyOf(host: string): 0 | 4 | 6 {
  return z.ipv4().safeParse(host).success ? 4 : z.ipv6().safeParse(host).success ? 6 : 0;
}

/** What every service reads at its start. */
export type ProgramConfig = z.output<z.ZodObject<ReturnType<typeof programVariables>>> & {
  /** Of the service, in a mesh with TLS. */
  readonly identity: Identity | undefined;
};
