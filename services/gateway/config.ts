import { z } from "zod";
import { readCheckingKey } from "../../lib/auth/ticket-keys.js";
import { readConfig, readTogether } from "../../lib/config/config.js";
import { nameList } from "../../lib/config/values.js";
import { gatewayUrl } from "../../lib/connect/gateways.js";
import { callerRates, socketRates, userConnectsRate } from "../../lib/rate-limit/config.js";
import {
  drainVariable,
  listenVariable,
  memberIdVariable,
  programVariables,
  regionVariable,
  ticketKeyVariable,
} from "../../lib/service/config.js";
import { readIdentity } from "../../lib/tls/identity.js";
import { socketEngines } from "./socket-engine.js";

/** Which library accepts sockets. */
export const socketEngineVariable = z
  .enum(socketEngines)
  .default("auto")
  .describe(
    "Library that accepts WebSockets; auto takes uWebSockets.js where it has a binary for this Node.",
  );

/** Configuration of a gateway. */
export const gatewayConfigSchema = z.object({
  memberId: memberIdVariable,
  address: listenVariable("WebSockets", "127.0.0.1:8081"),
  streamAddress: listenVariable("gRPC streams (Realtime.Subscribe)", "127.0.0.1:50053"),
  publicUrl: gatewayUrl.describe(
    "WebSocket URL that clients are given, such as wss://chat.example.com/v1/socket; gateways behind one " +
      "proxy have the same.",
  ),
  region: regionVariable("Region that it is in."),
  origins: nameList()
    .default([])
    .describe("Web pages that may connect, as https://chat.example.com, separated by commas."),
  ticketKey: ticketKeyVariable,
  socketEngine: socketEngineVariable,
  drainMs: drainVariable(
    10_000,
    "How long clients are given to come back elsewhere at the end, in ms; 0 gives none.",
  ),
  rateLimits: z.object({ ...callerRates, ...socketRates, userConnects: userConnectsRate }),
  ...programVariables(9103),
});

/** @throws ConfigError with all faults at once */
export async function readGatewayConfig() {
  const config = readConfig(gatewayConfigSchema, process.env);
  const [identity, checkingKey] = await readTogether(readIdentity(config), readCheckingKey(config.ticketKey));
  return { ...config, identity, checkingKey };
}

/** What a gateway is told at its start. */
export type GatewayConfig = Awaited<ReturnType<typeof readGatewayConfig>>;
