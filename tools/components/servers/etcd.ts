import { join } from "node:path";
import { type Launch, type LaunchOptions, portsFrom, type Server, whyNotGood } from "./launch.js";

/** The usual ports; those of each further member are ten higher. */
const usualPorts = { clients: 2379, peers: 2380 };
const portsPerMember = 10;

/** etcd, with one member or three. */
export const etcd: Server = { membersMax: 3, launches };

function launches({ folder, data, members, port }: LaunchOptions): Launch[] {
  const { clients, peers } = portsFrom(usualPorts, port);
  const all = Array.from({ length: members }, (_, i) => ({
    name: members === 1 ? "etcd" : `etcd-${i + 1}`,
    client: `http://127.0.0.1:${clients + portsPerMember * i}`,
    peer: `http://127.0.0.1:${peers + portsPerMember * i}`,
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
    // The first of three is not healthy before another one is there.
    whyNotReady: () => whyNotGood(`${client}/${members === 1 ? "health" : "version"}`),
  }));
}
