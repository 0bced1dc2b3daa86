import { Authenticator } from "../../lib/auth/authenticator.js";
import { TicketVerifier } from "../../lib/auth/ticket.js";
import { withPort } from "../../lib/config/values.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { GrpcLinks } from "../../lib/links/grpc-links.js";
import { OwnerClient } from "../../lib/owners/owner-client.js";
import { RepairingOwners } from "../../lib/owners/repairing-owners.js";
import { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import { RingView } from "../../lib/ring/ring-view.js";
import type { Host } from "../../lib/service/host.js";
import type { Running } from "../../lib/service/run-program.js";
import type { Store } from "../../lib/store/store.js";
import { serverCredentials } from "../../lib/tls/credentials.js";
import type { GatewayConfig } from "./config.js";
import { gatewayRegistration } from "./registration.js";
import { GatewayServer } from "./server.js";
import { createSocketServer } from "./socket-engine.js";
import { createStreamServer } from "./stream-server.js";

/** Starts a gateway: sockets, streams, and its place among the gateways that clients are sent to. */
export async function startGateway(config: GatewayConfig, host: Host): Promise<Running> {
  const { clock, log, identity } = host;
  const { memberId: id, publicUrl: url, region } = config;
  const store = await host.openStore();
  const coordinator = await host.openCoordinator();
  const gateway = await createGateway(config, host, store, coordinator);
  const streams = createStreamServer({
    ...{ clock, log, authenticator: new Authenticator(store, clock) },
    ...{ subscribe: gateway.subscribe(), credentials: serverCredentials(identity) },
  });
  // Streams are ended by the gateway, so it closes first.
  host.closeLater(streams);
  host.closeLater(gateway);
  const port = await gateway.listen(config.address);
  const streamPort = await streams.listen(config.streamAddress);
  const parts = { clock, coordinator, log, gateway: { id, url, region } };
  const registration = host.closeLater(gatewayRegistration(parts));
  await registration.start();
  return {
    addresses: {
      address: withPort(config.address, port),
      streamAddress: withPort(config.streamAddress, streamPort),
    },
    whyNotReady: () => undefined,
    drain: async (hurry) => {
      streams.drain();
      await Promise.all([registration.close(), gateway.drain(config.drainMs, hurry)]);
    },
  };
}

async function createGateway(
  config: GatewayConfig,
  host: Host,
  store: Store,
  coordinator: Coordinator,
): Promise<GatewayServer> {
  const { clock, random, log, metrics, identity, tracing } = host;
  const { checkingKey, origins, rateLimits, socketEngine, tls: files } = config;
  const links = host.closeLater(new GrpcLinks({ clock, identity, log }));
  const ring = host.closeLater(new RingView(coordinator));
  const owners = host.closeLater(new OwnerClient({ clock, random, links, ring, tracing }));
  const callerLimits = new CallerLimits(rateLimits, clock, (limit) => gateway.refused(limit));
  const sockets = await createSocketServer(socketEngine, clock, log, identity && { identity, files });
  const tickets = new TicketVerifier(checkingKey, clock);
  const common = { clock, random, log, metrics, links, coordinator, sockets, tickets, callerLimits };
  const bounds = { rates: rateLimits, allowedOrigins: origins, tracing };
  const gateway: GatewayServer = new GatewayServer({
    ...{ ...common, ...bounds, owners: new RepairingOwners(owners, store) },
  });
  return gateway;
}
