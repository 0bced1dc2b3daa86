import { z } from "zod";
import { postsPerCallMax } from "../limits/limits.js";
import {
  channelEventsBurstDefault,
  channelEventsPerSecondDefault,
  connectionFramesBurstDefault,
  connectionFramesPerSecondDefault,
  gatewayConnectsBurstDefault,
  gatewayConnectsPerSecondDefault,
  tokenCostBurstDefault,
  tokenCostPerSecondDefault,
  userConnectsBurstDefault,
  userConnectsPerSecondDefault,
  userCostBurstDefault,
  userCostPerSecondDefault,
} from "../limits/rate-limits.js";

/** Largest rate and burst that can be set; beyond, one would rather turn the limit off. */
const rateMax = 1e9;

function rate(what: string, perSecond: number, burst: number, burstMin: number) {
  return z.object({
    perSecond: z.coerce
      .number()
      .min(0)
      .max(rateMax)
      .default(perSecond)
      .describe(`${what} in a second. 0 lets everything through.`),
    burst: z.coerce
      .number()
      .int()
      .min(burstMin)
      .max(rateMax)
      .default(burst)
      .describe(`${what} at once, after a rest.`),
  });
}

/** Rates of those who call: of services that authenticate calls. */
export const callerRates = {
  user: rate(
    "Calls of one user, a message posted counting as one,",
    userCostPerSecondDefault,
    userCostBurstDefault,
    postsPerCallMax,
  ),
  token: rate(
    "Calls with one token, a message posted counting as one,",
    tokenCostPerSecondDefault,
    tokenCostBurstDefault,
    postsPerCallMax,
  ),
};

/** How often one user may connect: of services that hand out tickets or take sockets. */
export const userConnectsRate = rate(
  "Connects of one user",
  userConnectsPerSecondDefault,
  userConnectsBurstDefault,
  1,
);

/** Rates of channels: of channel servers. */
export const channelRate = rate(
  "Events of one channel",
  channelEventsPerSecondDefault,
  channelEventsBurstDefault,
  postsPerCallMax,
);

/** Rates of sockets: of gateways. */
export const socketRates = {
  connectionFrames: rate(
    "Frames of one connection",
    connectionFramesPerSecondDefault,
    connectionFramesBurstDefault,
    1,
  ),
  gatewayConnects: rate(
    "Sockets let in by one gateway",
    gatewayConnectsPerSecondDefault,
    gatewayConnectsBurstDefault,
    1,
  ),
};
