import { sleep } from "../../lib/clock/clock.js";
import { withPort } from "../../lib/config/values.js";
import { callMeter, refusalCounter } from "../../lib/metrics/call-meter.js";
import { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import { MembersView } from "../../lib/ring/members-view.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { Forwarder } from "../../lib/rpc/forwarder.js";
import { createCallerParts } from "../../lib/service/caller-parts.js";
import type { Host } from "../../lib/service/host.js";
import type { Running } from "../../lib/service/run-program.js";
import { clientCredentials, peerOptions } from "../../lib/tls/credentials.js";
import type { WebConfig } from "./config.js";
import { createWeb } from "./server.js";

/** Starts the HTTP face, which passes calls of the contract on to admins. */
export async function startWeb(config: WebConfig, host: Host): Promise<Running> {
  const { clock, random, log, metrics, identity, tracing } = host;
  const { signingKey, hosts, region, adminAddresses } = config;
  const store = await host.openStore();
  const coordinator = await host.openCoordinator();
  const ring = host.closeLater(new RingView(coordinator));
  const members = host.closeLater(new MembersView(coordinator));
  const limits = new CallerLimits(config.rateLimits, clock, refusalCounter(metrics));
  const common = createCallerParts({ clock, random, log, coordinator, directory: store, limits, signingKey });
  const connectFlow = host.closeLater(common.connectFlow);
  const credentials = clientCredentials(identity);
  const admin = host.closeLater(
    new Forwarder(adminAddresses, credentials, tracing, peerOptions(identity, "admin")),
  );
  let isDraining = false;
  const whyNotReady = () => {
    if (isDraining) return "draining";
    if (!members.has(ring.ownerOf(0)?.incarnation)) return "no channel server is known that owns channels";
    return connectFlow.isReady() ? undefined : "no gateway is known";
  };
  const isReady = () => whyNotReady() === undefined;
  const parts = { ...common, tracing, admin, hosts, region, isReady, apiMeter: callMeter(metrics, "api") };
  const web = host.closeLater(createWeb({ ...parts, identity }));
  const port = await web.listen(config.address);
  return {
    addresses: { address: withPort(config.address, port) },
    whyNotReady,
    drain: async (hurry) => {
      isDraining = true;
      await sleep(clock, config.drainMs, hurry);
    },
  };
}
