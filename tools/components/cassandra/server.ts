import { createServer } from "node:net";
import { join } from "node:path";
import { findComponent, howToGet } from "../find.js";
import { CassandraNode } from "./node.js";

/** Where clients find it. */
export interface ContactPoint {
  readonly host: string;
  readonly port: number;
}

interface ServerOptions {
  /** Holds what the nodes keep. */
  readonly folder: string;
  /** One node, or three on 127.0.0.1, 127.0.0.2 and 127.0.0.3. */
  readonly nodes?: 1 | 3;
  readonly heap?: string;
}

/** Name of the data centre that the nodes say they are in. */
export const localDatacenter = "datacenter1";

/** Cassandra on loopback addresses and free ports, which can be killed and started again on what it kept. */
export class CassandraServer {
  private constructor(
    readonly contactPoints: readonly ContactPoint[],
    readonly nodes: readonly CassandraNode[],
  ) {}

  /** Finds ports for a server; it is not started yet. Rejects if Cassandra is not there. */
  static async on({ folder, nodes = 1, heap = "512M" }: ServerOptions): Promise<CassandraServer> {
    const component = findComponent("cassandra");
    if (!component) throw new Error(`Cassandra is not there; get it by: ${howToGet("cassandra")}`);
    const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].slice(0, nodes);
    // All nodes of a cluster have the same ports, each at its own address.
    const [clientPort, storagePort] = await freePorts(2, addresses);
    const seed = `${addresses[0]}:${storagePort}`;
    return new CassandraServer(
      addresses.map((host) => ({ host, port: clientPort! })),
      addresses.map((address, at) => {
        const place = { address, clientPort: clientPort!, storagePort: storagePort!, seed };
        const ringDelayMs = at === 0 ? 0 : 2000;
        return new CassandraNode({ ...place, folder: join(folder, address), component, heap, ringDelayMs });
      }),
    );
  }

  /** Starts the nodes one after the other; resolves once all take clients. */
  async start(): Promise<void> {
    for (const node of this.nodes) await node.start();
  }

  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

/** Ports that are free at all addresses. */
async function freePorts(count: number, addresses: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = await listenOnce(addresses[0]!, 0);
    const rest = addresses.slice(1).map((address) => listenOnce(address, port));
    const isFree = await Promise.all(rest).then(
      () => true,
      () => false,
    );
    if (isFree && !found.includes(port)) found.push(port);
  }
  return found;
}

function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
