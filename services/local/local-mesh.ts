import { Authenticator } from "../../lib/auth/authenticator.js";
import { TicketIssuer, TicketVerifier } from "../../lib/auth/ticket.js";
import { loadTicketKeys } from "../../lib/auth/ticket-keys.js";
import type { Clock } from "../../lib/clock/clock.js";
import { ConnectFlow } from "../../lib/connect/connect-flow.js";
import { gatewayEntry } from "../../lib/connect/gateways.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { Registration } from "../../lib/coordination/registration.js";
import { makeId } from "../../lib/ids/ids.js";
import { MemoryLinks } from "../../lib/links/memory-links.js";
import type { Log } from "../../lib/log/log.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { openSqliteStore } from "../../lib/store/sqlite/sqlite-store.js";
import type { Store } from "../../lib/store/store.js";
import { OwnerClient } from "../admin/owner-client.js";
import { createAdmin } from "../admin/server.js";
import { ChannelServer } from "../channel/server.js";
import { Charm } from "../charm/server.js";
import { GatewayCounts } from "../gateway/meter.js";
import { GatewayServer } from "../gateway/server.js";
import { createSocketServer } from "../gateway/socket-engine.js";
import { createWeb } from "../web/server.js";
import type { LocalConfig } from "./config.js";
import { type Addresses, DataFolder } from "./data-folder.js";
import { ensureGeneral, ensureUser } from "./first-user.js";
import { metricsText } from "./metrics.js";

/** How long a registered gateway outlives its last sign of life, in ms. */
const leaseTtlMs = 60_000;

/** A gateway, where it is reached, and what is counted of it. */
interface StartedGateway {
  readonly id: string;
  readonly server: GatewayServer;
  readonly counts: GatewayCounts;
  readonly url: string;
}

/** Ends a part of the mesh. */
type Closer = () => Promise<void> | void;

/** All services in one process: real ports for clients, memory between the services, one SQLite file. */
export class LocalMesh {
  readonly #closers: Closer[] = [];
  readonly #coordinator: MemoryCoordinator;
  readonly #links: MemoryLinks;
  readonly #folder: DataFolder;
  readonly #gateways: StartedGateway[] = [];
  #closing: Promise<void> | undefined;

  constructor(
    private readonly config: LocalConfig,
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly log: Log,
  ) {
    this.#coordinator = new MemoryCoordinator(clock);
    this.#links = new MemoryLinks(clock);
    this.#folder = new DataFolder(config.data);
  }

  /** Starts everything; resolves when a message can be posted and received. */
  async start(): Promise<Addresses & { token: string }> {
    const token = await this.#folder.token();
    const store = this.#closeLater(await openSqliteStore({ folder: this.config.data }));
    this.#closers.push(() => this.#coordinator.close());
    await ensureUser(store, token, this.random);
    await this.#startOwners(store);
    const addresses = await this.#startFaces(store);
    await ensureGeneral(addresses.grpc, token);
    await this.#folder.announce(addresses);
    this.#closers.push(() => this.#folder.forget());
    return { ...addresses, token };
  }

  /** Ends everything in the reverse order of its start. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }

  #closeLater<Part extends { close(): Promise<void> | void }>(part: Part): Part {
    this.#closers.push(() => part.close());
    return part;
  }

  async #startOwners(store: Store): Promise<void> {
    const { clock, random, log } = this;
    const common = { clock, random, store, links: this.#links, coordinator: this.#coordinator, log };
    for (let i = 1; i <= this.config.channelServers; i++) {
      const memberId = `channel-${i}`;
      await this.#closeLater(new ChannelServer({ ...common, memberId, address: `${memberId}:0` })).start();
    }
    await this.#closeLater(new Charm({ clock, coordinator: this.#coordinator, store, log })).start();
  }

  async #startFaces(store: Store): Promise<Addresses> {
    const { clock, random, log } = this;
    const { host } = this.config;
    const keys = await loadTicketKeys(this.config.data);
    const issuer = new TicketIssuer(keys.privateKey, clock, () => makeId("B", random).slice(1));
    const connectFlow = this.#closeLater(new ConnectFlow(this.#coordinator, issuer, random, log));
    const authenticator = new Authenticator(store, clock);
    const ring = this.#closeLater(new RingView(this.#coordinator));
    const owners = this.#closeLater(new OwnerClient({ clock, random, links: this.#links, ring }));
    const common = { authenticator, connectFlow, directory: store, clock, log };

    const isReady = () => ring.ownerOf(0) !== undefined && connectFlow.isReady();
    const metrics = async () => metricsText(this.#gateways);
    const web = this.#closeLater(createWeb({ ...common, hosts: [], region: "", isReady, metrics }));
    const url = `http://${host}:${await web.listen(`${host}:${this.#port(0)}`)}`;
    await this.#startGateways(new TicketVerifier(keys.publicKey, clock), url);
    const first = this.#gateways[0]!;
    const admin = this.#closeLater(
      createAdmin({ ...common, owners, random, subscribe: first.server.subscribe() }),
    );
    const grpc = `${host}:${await admin.listen(`${host}:${this.#port(1)}`)}`;
    return { url, ws: first.url, grpc };
  }

  async #startGateways(tickets: TicketVerifier, origin: string): Promise<void> {
    const { clock, random, log } = this;
    for (let i = 1; i <= this.config.gateways; i++) {
      const sockets = await createSocketServer(this.config.socketEngine, clock, log);
      const [id, counts] = [`gateway-${i}`, new GatewayCounts()];
      const common = { clock, random, links: this.#links, coordinator: this.#coordinator, sockets, log };
      const door = { tickets, allowedOrigins: [origin], meter: counts };
      const server = this.#closeLater(new GatewayServer({ ...common, ...door }));
      const port = await server.listen(`${this.config.host}:${this.#port(1 + i)}`);
      const url = `ws://${this.config.host}:${port}/v1/socket`;
      const entry = gatewayEntry({ id, url, region: "local" });
      const onLost = () => log.error({ url }, "a gateway is no longer offered to clients");
      const registration = { clock, coordinator: this.#coordinator, entry, leaseTtlMs, onLost };
      await this.#closeLater(new Registration(registration)).start();
      this.#gateways.push({ id, server, counts, url });
    }
  }

  #port(offset: number): number {
    return this.config.port === 0 ? 0 : this.config.port + offset;
  }
}
