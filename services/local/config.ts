import { Command } from "commander";
import { z } from "zod";
import { readConfig } from "../../lib/config/config.js";
import { coordinators, coordinatorVariables } from "../../lib/coordination/config.js";
import { dataFolderDefault } from "../../lib/local/data-files.js";
import { logLevels } from "../../lib/log/pino-log.js";
import { callerRates, channelRate, socketRates, userConnectsRate } from "../../lib/rate-limit/config.js";
import { stores, storeVariables } from "../../lib/store/config.js";
import { tracingVariables } from "../../lib/tracing/config.js";
import { activeChannelsConfig } from "../channel/config.js";
import { socketEngineVariable } from "../gateway/config.js";
import { socketEngines } from "../gateway/socket-engine.js";

/** Configuration of the whole mesh in one process: variables, which flags of the same name override. */
export const localConfigSchema = z.object({
  data: z
    .string()
    .default(dataFolderDefault)
    .describe("Folder of the database, the token and the addresses."),
  host: z.string().default("127.0.0.1").describe("Address to listen at."),
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_000)
    .default(8065)
    .describe("Port of the HTTP face; gRPC and the gateways take those after it. 0 picks free ones."),
  channelServers: z.coerce.number().int().min(1).max(16).default(1).describe("How many channel servers."),
  gateways: z.coerce.number().int().min(1).max(16).default(1).describe("How many gateways."),
  drainMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(1000)
    .describe("How long clients are given to come back elsewhere when the server ends, in ms; 0 gives none."),
  socketEngine: socketEngineVariable,
  activeChannels: activeChannelsConfig,
  ...storeVariables,
  ...coordinatorVariables,
  ...tracingVariables,
  rateLimits: z.object({
    ...callerRates,
    channel: channelRate,
    ...socketRates,
    userConnects: userConnectsRate,
  }),
  logLevel: z.enum(logLevels).default("warn").describe("What is logged to stderr."),
});

/** What the local mesh is told at its start. */
export type LocalConfig = z.output<typeof localConfigSchema> & {
  /** Say what happens as JSON lines. */
  readonly json: boolean;
};

/** Reads variables and flags. @throws ConfigError with all faults at once */
export function readLocalConfig(argv: readonly string[]): LocalConfig {
  const program = new Command("npm start --")
    .description("Runs all of Confab in one process.")
    .option("--data <folder>", "folder of the database, the token and the addresses")
    .option("--host <address>", "address to listen at")
    .option("--port <number>", "port of the HTTP face, 0 for free ports everywhere")
    .option("--channel-servers <count>", "how many channel servers")
    .option("--gateways <count>", "how many gateways")
    .option("--drain-ms <ms>", "how long clients are given to come back elsewhere at the end")
    .option("--socket-engine <name>", socketEngines.join(", "))
    .option("--store <name>", stores.join(", "))
    .option("--cassandra-contact-points <addresses>", "some nodes of Cassandra, separated by commas")
    .option("--cassandra-keyspace <name>", "keyspace of the tables")
    .option("--coordinator <name>", coordinators.join(", "))
    .option("--etcd-endpoints <urls>", "members of etcd, separated by commas")
    .option("--etcd-prefix <text>", "in front of every key in etcd")
    .option("--tracing-endpoint <url>", "collector of traces, by OTLP over gRPC")
    .option("--tracing-ratio <share>", "share of the requests without a trace that is traced, from 0 to 1")
    .option("--log-level <level>", logLevels.join(", "))
    .option("--json", "say what happens as JSON lines")
    .allowExcessArguments(false)
    .parse([...argv], { from: "user" });
  const { json = false, ...flags } = program.opts<Record<string, string> & { json?: boolean }>();
  const asVariables = Object.entries(flags).map(([name, value]) => [variableOf(name), value]);
  const config = readConfig(localConfigSchema, { ...process.env, ...Object.fromEntries(asVariables) });
  return { ...config, json };
}

function variableOf(flag: string): string {
  return `CONFAB_${flag.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
