import { GrpcLinks } from "../../lib/links/grpc-links.js";
import { epochKey } from "../../lib/ring/keys.js";
import type { Host } from "../../lib/service/host.js";
import type { Running } from "../../lib/service/run-program.js";
import type { CharmConfig } from "./config.js";
import { charmMeter } from "./meter.js";
import { Charm } from "./server.js";

/** Starts a ring manager that stands for election with those of other processes. */
export async function startCharm({ memberId: id }: CharmConfig, host: Host): Promise<Running> {
  const { clock, random, log, metrics, identity } = host;
  const store = await host.openStore();
  const coordinator = await host.openCoordinator();
  const links = host.closeLater(new GrpcLinks({ clock, identity, log }));
  const meter = charmMeter(metrics);
  const charm = host.closeLater(new Charm({ id, clock, random, log, coordinator, links, store, meter }));
  await charm.start();
  const whyNotReady = async () => {
    if (!charm.isWatching) return "etcd has not told yet who owns what";
    const isThere = await coordinator.read(epochKey).then(
      () => true,
      () => false,
    );
    return isThere ? undefined : "etcd does not answer";
  };
  return { addresses: {}, whyNotReady };
}
