import { connect } from "node:net";
import { join } from "node:path";
import { nodeCommand } from "../cassandra/node.js";
import { type Launch, type LaunchOptions, portsFrom, type Server } from "./launch.js";

const usualPorts = { clients: 9042, storage: 7000 };
const heap = "512M";
const connectMsMax = 2_000;

/** Cassandra, with one node or three at 127.0.0.1, 127.0.0.2 and 127.0.0.3, all at the same ports. */
export const cassandra: Server = { membersMax: 3, launches };

function launches({ folder, data, members, port }: LaunchOptions): Promise<Launch[]> {
  const { clients, storage } = portsFrom(usualPorts, port);
  const addresses = Array.from({ length: members }, (_, i) => `127.0.0.${i + 1}`);
  const seed = `${addresses[0]}:${storage}`;
  return Promise.all(
    addresses.map(async (address, i) => {
      const place = { address, clientPort: clients, storagePort: storage, seed, component: folder, heap };
      const ringDelayMs = i === 0 ? 0 : 2000;
      return {
        name: members === 1 ? "cassandra" : `cassandra-${i + 1}`,
        ...(await nodeCommand({ ...place, ringDelayMs, folder: join(data, address) })),
        addresses: { clients: `${address}:${clients}` },
        whyNotReady: () => whyNotOpen(address, clients),
      };
    }),
  );
}

/** A node listens for clients once it serves them. */
function whyNotOpen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectMsMax });
    const end = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(`${host}:${port} does not answer`));
    socket.once("error", ({ message }) => end(message));
  });
}
