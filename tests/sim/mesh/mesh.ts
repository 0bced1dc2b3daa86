import type { Log } from "../../../lib/log/log.js";
import { OwnerClient } from "../../../lib/owners/owner-client.js";
import { RingView } from "../../../lib/ring/ring-view.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { ChannelServer } from "../../../services/channel/server.js";
import { Charm } from "../../../services/charm/server.js";
import { GatewayServer } from "../../../services/gateway/server.js";
import { Network } from "../network.js";
import { OwnershipWatch } from "../ownership-watch.js";
import { SimClock } from "../sim-clock.js";
import { SimCoordinator } from "../sim-coordinator.js";
import { SimEtcd } from "../sim-etcd.js";
import { makeServices, SimLinks } from "../sim-links.js";
import { SimSockets } from "../sim-sockets.js";
import type { World } from "../world.js";
import { WriteLedger } from "../write-ledger.js";
import { watchChannels } from "./channel-watch.js";
import { Host, type Program } from "./host.js";
import type { MeshStore } from "./mesh-store.js";
import type { Process } from "./process.js";
import { SimSocketServer } from "./sim-socket-server.js";
import { userOf } from "./users.js";

const channelServerCount = 3;
/** Channel servers that are not there from the beginning, but may join. */
const spareServerCount = 1;
const adminCount = 2;
const gatewayCount = 2;
/** Port of everything that listens. */
const port = 1;

/** What an admin service has to do with channels; who calls and in what wire format is left out. */
export interface Admin {
  readonly owners: OwnerClient;
  close(): void;
}

/** A whole mesh of real services on simulated ground. */
export class Mesh {
  readonly network: Network;
  readonly sockets: SimSockets;
  readonly charms: readonly Host<Charm>[];
  readonly channelServers: readonly Host<ChannelServer>[];
  readonly admins: readonly Host<Admin>[];
  readonly gateways: readonly Host[];
  readonly etcd: SimEtcd;
  private readonly services = makeServices();
  private readonly ledger = new WriteLedger();

  constructor(
    readonly world: World,
    readonly store: MeshStore,
    charmCount: number,
    complain: (what: string) => void,
  ) {
    this.network = new Network(world, (host) => !host.startsWith("client"));
    this.sockets = new SimSockets(this.network);
    this.etcd = new SimEtcd(world);
    new OwnershipWatch(this.etcd, this.ledger, world.coverage, complain);
    this.charms = this.hosts("charm", charmCount, beginCharm);
    this.channelServers = this.hosts("channel", channelServerCount + spareServerCount, beginChannelServer);
    this.admins = this.hosts("admin", adminCount, beginAdmin);
    this.gateways = this.hosts("gateway", gatewayCount, (process) => beginGateway(process, this.sockets));
  }

  get all(): readonly Host[] {
    return [...this.charms, ...this.channelServers, ...this.admins, ...this.gateways];
  }

  /** Slots of channels that somebody wrote to. */
  get usedSlots(): readonly number[] {
    return [...new Set(this.ledger.channels.map(slotOf))];
  }

  start(): void {
    const spare = new Set<Host>(this.channelServers.slice(channelServerCount));
    for (const host of this.all) if (!spare.has(host)) host.start();
  }

  private hosts<Running extends Program>(
    kind: string,
    count: number,
    begin: (process: Process) => Promise<Running>,
  ): Host<Running>[] {
    const names = Array.from({ length: count }, (_, i) => `${kind}-${i + 1}`);
    return names.map((name) => new Host(name, this.world, (host) => this.makeProcess(host), begin));
  }

  private makeProcess(host: string): Process {
    const { world, network, services, store, ledger } = this;
    const node = world.start(host);
    const clock = new SimClock(node);
    return {
      node,
      clock,
      random: node.random.fraction,
      links: new SimLinks(network, services, node),
      store: store.open(node, clock, ledger),
      coordinator: new SimCoordinator(node, this.etcd),
      log: logOf(host, world),
    };
  }
}

/** Where a gateway listens. */
export function socketAddress(gateway: Host): string {
  return `${gateway.name}:${port}`;
}

async function beginCharm(process: Process): Promise<Charm> {
  const { host, world } = process.node;
  const meter = {
    fenced: () => world.coverage.hit("charm.fenced"),
    gave: () => {},
    looked: () => {},
    elected: () => world.coverage.hit("charm.elected"),
    deposed: () => world.coverage.hit("charm.deposed"),
  };
  const charm = new Charm({ ...process, id: host, meter });
  await charm.start();
  return charm;
}

async function beginChannelServer(process: Process): Promise<ChannelServer> {
  const { host, world } = process.node;
  const meter = watchChannels(world.coverage);
  const server = new ChannelServer({ ...process, memberId: host, address: `${host}:${port}`, meter });
  await server.start();
  return server;
}

async function beginAdmin(process: Process): Promise<Admin> {
  const ring = new RingView(process.coordinator);
  const owners = new OwnerClient({ ...process, ring });
  await ring.ready;
  return {
    owners,
    close: () => {
      owners.close();
      ring.close();
    },
  };
}

async function beginGateway(process: Process, sockets: SimSockets): Promise<{ close(): Promise<void> }> {
  const server = new SimSocketServer(sockets, process.node);
  const tickets = {
    verify: async (ticket: string) => ({ id: ticket, caller: userOf(ticket), expiresMs: 0 }),
  };
  const { owners, close } = await beginAdmin(process);
  const gateway = new GatewayServer({ ...process, sockets: server, tickets, allowedOrigins: [], owners });
  await gateway.listen(`${process.node.host}:${port}`);
  return { close: () => gateway.close().then(close) };
}

/** What is logged shows in the trace, errors with their words. */
function logOf(host: string, { trace, scheduler }: World): Log {
  const note = (details: object, message: string) => {
    const why = "err" in details && details.err instanceof Error ? `: ${details.err.message}` : "";
    trace.note(scheduler.now, `${host} logs: ${message}${why}`);
  };
  return { debug: () => {}, info: note, warn: note, error: note };
}
