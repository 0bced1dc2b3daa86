import { sleep } from "../../lib/clock/clock.js";
import { withPort } from "../../lib/config/values.js";
import { GrpcLinks } from "../../lib/links/grpc-links.js";
import { callMeter, refusalCounter } from "../../lib/metrics/call-meter.js";
import { OwnerClient } from "../../lib/owners/owner-client.js";
import { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { createCallerParts } from "../../lib/service/caller-parts.js";
import type { Host } from "../../lib/service/host.js";
import type { Running } from "../../lib/service/run-program.js";
import { serverCredentials } from "../../lib/tls/credentials.js";
import type { AdminConfig } from "./config.js";
import { createAdmin } from "./server.js";

/** Starts an admin that reaches the owners of channels over gRPC. */
export async function startAdmin(config: AdminConfig, host: Host): Promise<Running> {
  const { clock, random, log, metrics, identity, tracing } = host;
  const store = await host.openStore();
  const coordinator = await host.openCoordinator();
  const links = host.closeLater(new GrpcLinks({ clock, identity, log }));
  const ring = host.closeLater(new RingView(coordinator));
  const owners = host.closeLater(new OwnerClient({ clock, random, links, ring, tracing }));
  metrics.gauge("adminPending", () => owners.pendingCommands);
  const limits = new CallerLimits(config.rateLimits, clock, refusalCounter(metrics));
  const { signingKey } = config;
  const common = createCallerParts({ clock, random, log, coordinator, directory: store, limits, signingKey });
  host.closeLater(common.connectFlow);
  const parts = {
    ...common,
    tracing,
    memberships: store,
    owners,
    random,
    rpcMeter: callMeter(metrics, "rpc"),
  };
  const admin = host.closeLater(createAdmin({ ...parts, credentials: serverCredentials(identity) }));
  await ring.readyInTime(clock);
  const port = await admin.listen(config.address);
  return {
    addresses: { address: withPort(config.address, port) },
    whyNotReady: () => undefined,
    drain: async (hurry) => {
      admin.drain();
      await sleep(clock, config.drainMs, hurry);
    },
  };
}
