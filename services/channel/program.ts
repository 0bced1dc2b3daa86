import { GrpcLinks } from "../../lib/links/grpc-links.js";
import type { Host } from "../../lib/service/host.js";
import type { Running } from "../../lib/service/run-program.js";
import type { ChannelConfig } from "./config.js";
import { ChannelServer } from "./server.js";

/** Starts a channel server that others reach over gRPC. */
export async function startChannel(config: ChannelConfig, host: Host): Promise<Running> {
  const { clock, random, log, metrics, identity } = host;
  const tracing = { tracing: host.tracing, storeSystem: "cassandra" as const };
  const { memberId, address, advertisedAddress, activeChannels, rateLimits } = config;
  const store = await host.openStore();
  const coordinator = await host.openCoordinator();
  const links = host.closeLater(new GrpcLinks({ clock, identity, log }));
  const bounds = { channelRate: rateLimits.channel, activeBounds: activeChannels };
  const parts = { clock, random, log, metrics, tracing, store, coordinator, links, memberId, address };
  const server = host.closeLater(new ChannelServer({ ...parts, ...bounds, advertisedAddress }));
  await server.start();
  return {
    addresses: { address: server.address },
    drain: (hurry) => server.leave(hurry),
    whyNotReady: () => (server.isMember ? undefined : "not a member of the ring"),
  };
}
