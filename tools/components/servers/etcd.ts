import { join } from "node:path";
import { type Launch, type LaunchOptions, type Server, whyNotGood } from "./launch.js";

/** The usual port for clients; members after the first are ten further each. */
const clientPort = 2379;

/** etcd, with one member or three. */
export const etcd: Server = { membersMax: 3, launches };

function launches({ folder, data, members }: LaunchOptions): Launch[] {
  const all = Array.from({ length: members }, (_, i) => ({
    name: members === 1 ? "etcd" : `etcd-${i + 1}`,
    client: `http://127.0.0.1:${clientPort + 10 * i}`,
    peer: `http://127.0.0.1:${clientPort + 1 + 10 * i}`,
  }));
  const cluster = all.map(({ name, peer }) => `${name}=${peer}`).join(",");
  return all.map(({ name, client, peer }) => ({
    name,
    command: join(folder, "etcd"),
    args: [
      ...["--name", name, "--data-dir", join(data, name)],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", cluster, "--log-level", "warn"],
    ],
    addresses: { clients: client },
    // One of three is not healthy before another one is there.
    whyNotReady: () => whyNotGood(members === 1 ? `${client}/health` : `${client}/version`),
  }));
}
