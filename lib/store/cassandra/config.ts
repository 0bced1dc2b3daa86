import { z } from "zod";
import { nameList, parseAddress } from "../../config/values.js";
import { isKeyspace, type Replication } from "./keyspace.js";
import type { CassandraOptions } from "./open-cassandra-store.js";

const flag = z.enum(["true", "false"]).default("false");

/** What every service that keeps something in Cassandra must be told. */
export const cassandraVariables = z.object({
  contactPoints: nameList()
    .default(["127.0.0.1:9042"])
    .refine((all) => all.length > 0 && all.every(parseAddress), "must be host:port, …")
    .describe("Some nodes of the cluster, as host:port, separated by commas."),
  datacenter: z
    .string()
    .default("datacenter1")
    .describe("Data centre whose nodes are asked, and whose quorum counts."),
  keyspace: z
    .string()
    .refine(isKeyspace, "must be lower-case letters, digits and _")
    .default("confab")
    .describe("Keyspace of the tables."),
  username: z
    .string()
    .default("")
    .describe("Who the service is to the cluster; nobody in particular if empty."),
  password: z.string().default("").describe("Its password."),
  tls: z.object({
    authority: z
      .string()
      .default("")
      .describe("File in PEM with who signs the nodes' certificates; without it there is no TLS."),
    certificate: z.string().default("").describe("File in PEM with the certificate that the service shows."),
    key: z.string().default("").describe("File in PEM with the key of that certificate."),
  }),
  allowDataLoss: flag.describe("Takes a cluster that is set up so that acknowledged messages can be lost."),
});

/** How many replicas a keyspace has that is made: `3`, or `eu:3,us:3` by data centre. */
export const replicationVariable = z
  .string()
  .default("3")
  .refine((text) => parseReplication(text) !== undefined, "must be a number, or name:number, …")
  .describe(
    "Replicas of a keyspace that is made: a number, or by data centre as name:number, separated by commas.",
  );

/** Undefined if the text is no replication. */
export function parseReplication(text: string): Replication | undefined {
  if (/^[1-9]\d?$/.test(text)) return { replicas: Number(text) };
  const pairs = text.split(",").map((pair) => /^\s*([^:\s]+):([1-9]\d?)\s*$/.exec(pair));
  if (pairs.some((pair) => !pair)) return undefined;
  return { byDatacenter: Object.fromEntries(pairs.map((pair) => [pair![1]!, Number(pair![2])])) };
}

/** What the variables say, as the store is opened with. */
export function cassandraOptions(variables: z.output<typeof cassandraVariables>): CassandraOptions {
  const { contactPoints, datacenter, keyspace, username, password, tls, allowDataLoss } = variables;
  const { authority, certificate, key } = tls;
  return {
    contactPoints: contactPoints.map((text) => parseAddress(text)!),
    localDatacenter: datacenter,
    keyspace,
    allowDataLoss: allowDataLoss === "true",
    ...(username && { credentials: { username, password } }),
    ...(authority && { tls: { authority, ...(certificate && { certificate }), ...(key && { key }) } }),
  };
}
