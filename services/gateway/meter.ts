import type { Metrics } from "../../lib/metrics/metrics.js";
import type { OnRefused } from "../../lib/rate-limit/refuse.js";
import { closeCodes } from "./close-codes.js";
import type { Gateway } from "./core/gateway.js";
import type { GatewayMeter } from "./core/meter.js";

/** Close codes of RFC 6455 that are counted one by one: normal, going away, no code, cut off, too large. */
const standardCodes = [1000, 1001, 1005, 1006, 1009];
const countedCodes = new Set([...standardCodes, ...Object.values(closeCodes).map(({ code }) => code)]);

/** Told of what a gateway does with its sockets. */
export interface SocketMeter extends GatewayMeter {
  connected(): void;
  /** @param code as in the closing frame; 1005 if that had none, 1006 if there was none */
  closed(code: number): void;
  frameReceived(): void;
  readonly refused: OnRefused;
}

/** Measures a gateway. */
export function gatewayMeter(metrics: Metrics, gateway: () => Gateway): SocketMeter {
  metrics.gauge("sessions", () => gateway().sessionCount);
  metrics.gauge("feeds", () => gateway().feedCount);
  metrics.gauges("subscriptions", "state", () => {
    const { all, asking, catchingUp } = gateway().followCounts();
    return { asking, catching_up: catchingUp, live: all - asking - catchingUp };
  });
  const deliveries = metrics.count("deliveries");
  const catchUps = metrics.tally("catchUps", "source", ["ring", "owner", "store"]);
  const gapsTold = metrics.count("gapsTold");
  const feedGaps = metrics.count("feedGaps");
  const connects = metrics.count("connects");
  const closes = metrics.tally("closes", "code");
  const frames = metrics.count("clientFrames");
  const limits = ["connection_frames", "user_connects", "gateway_connects"];
  const refusals = metrics.tally("rateLimited", "limit", limits);
  return {
    delivered: (followers) => deliveries.add(followers),
    caughtUp: (source, events) => catchUps.add(source, events),
    gapTold: () => gapsTold.add(1),
    feedGap: () => feedGaps.add(1),
    connected: () => connects.add(1),
    closed: (code) => closes.add(countedCodes.has(code) ? String(code) : "other", 1),
    frameReceived: () => frames.add(1),
    refused: (limit) => refusals.add(limit, 1),
  };
}
