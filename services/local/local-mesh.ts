import { hostname } from "node:os";
import { ensureUser } from "../../lib/auth/first-user.js";
import { TicketVerifier } from "../../lib/auth/ticket.js";
import { loadTicketKeys } from "../../lib/auth/ticket-keys.js";
import type { Clock } from "../../lib/clock/clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { openCoordinator } from "../../lib/coordination/open-coordinator.js";
import { MemoryLinks } from "../../lib/links/memory-links.js";
import type { Log } from "../../lib/log/log.js";
import { OwnerClient } from "../../lib/owners/owner-client.js";
import { RepairingOwners } from "../../lib/owners/repairing-owners.js";
import { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import { MembersView } from "../../lib/ring/members-view.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { Forwarder } from "../../lib/rpc/forwarder.js";
import { createCallerParts } from "../../lib/service/caller-parts.js";
import { Closers } from "../../lib/service/closers.js";
import { openStore } from "../../lib/store/open-store.js";
import type { Store } from "../../lib/store/store.js";
import { createAdmin } from "../admin/server.js";
import { ChannelServer } from "../channel/server.js";
import { Charm } from "../charm/server.js";
import { gatewayRegistration } from "../gateway/registration.js";
import { type GatewayParts, GatewayServer } from "../gateway/server.js";
import { createSocketServer } from "../gateway/socket-engine.js";
import { createWeb } from "../web/server.js";
import type { LocalConfig } from "./config.js";
import { type Addresses, DataFolder } from "./data-folder.js";
import { ensureGeneral, localNames } from "./first-user.js";
import { Meters } from "./meters.js";
import { folderIdOf, Tenure } from "./tenure.js";

/** All services in one process: real ports for clients, memory between the services. */
export class LocalMesh {
  readonly #closers: Closers;
  readonly #gateways: GatewayServer[] = [];
  #coordinator!: Coordinator;
  readonly #links: MemoryLinks;
  readonly #folder: DataFolder;
  readonly #meters: Meters;

  constructor(
    private readonly config: LocalConfig,
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly log: Log,
  ) {
    this.#closers = new Closers(log);
    this.#links = new MemoryLinks(clock);
    this.#folder = new DataFolder(config.data);
    this.#meters = this.#closeLater(new Meters(clock));
  }

  /** Starts everything; resolves when a message can be posted and received. */
  async start(): Promise<Addresses & { token: string }> {
    const token = await this.#folder.token();
    const store = await this.#openStore();
    const { clock, random, log } = this;
    this.#coordinator = this.#closeLater(await openCoordinator(this.config, { clock, random, log }));
    await this.#takePrefix(token);
    await ensureUser(store, token, localNames(), this.random);
    await this.#startOwners(store);
    const addresses = await this.#startFaces(store);
    await ensureGeneral(addresses.grpc, token);
    await this.#folder.announce(addresses);
    this.#closers.add(() => this.#folder.forget());
    return { ...addresses, token };
  }

  /**
   * Asks all clients to come back elsewhere; resolves when none is left, the time for it is over or the
   * signal aborts. Everything goes on until `close`.
   */
  async drain(hurry: AbortSignal): Promise<void> {
    const { drainMs } = this.config;
    if (drainMs === 0) return;
    await Promise.all(this.#gateways.map((gateway) => gateway.drain(drainMs, hurry)));
  }

  /** Ends everything in the reverse order of its start. */
  close(): Promise<void> {
    return this.#closers.close();
  }

  #closeLater<Part extends { close(): Promise<void> | void }>(part: Part): Part {
    this.#closers.add(() => part.close());
    return part;
  }

  async #openStore(): Promise<Store> {
    const { clock, random, log, config } = this;
    const parts = { folder: config.data, clock, random, log, metrics: this.#meters.of("store") };
    return this.#closeLater(await openStore(config, parts));
  }

  async #takePrefix(token: string): Promise<void> {
    const { clock, log, config } = this;
    const life = { folder: folderIdOf(token), host: hostname(), pid: process.pid };
    const parts = { clock, log, coordinator: this.#coordinator, prefix: config.etcd.prefix, life };
    await this.#closeLater(new Tenure(parts)).start();
  }

  async #startOwners(store: Store): Promise<void> {
    const { clock, random, log } = this;
    const { links, coordinator } = { links: this.#links, coordinator: this.#coordinator };
    const channelRate = this.config.rateLimits.channel;
    const activeBounds = this.config.activeChannels;
    const common = { clock, random, store, links, coordinator, log, channelRate, activeBounds };
    for (let i = 1; i <= this.config.channelServers; i++) {
      const memberId = `channel-${i}`;
      const own = { memberId, address: `${memberId}:0`, metrics: this.#meters.of(memberId) };
      await this.#closeLater(new ChannelServer({ ...common, ...own })).start();
    }
    const meter = this.#meters.charm();
    const charm = { id: "charm-1", clock, random, coordinator, links, store, log, meter };
    await this.#closeLater(new Charm(charm)).start();
  }

  async #startFaces(store: Store): Promise<Addresses> {
    const { clock, random, log } = this;
    const { host } = this.config;
    const keys = await loadTicketKeys(this.config.data);
    const limits = new CallerLimits(this.config.rateLimits, clock, this.#meters.refusals());
    const ring = this.#closeLater(new RingView(this.#coordinator));
    const owners = this.#closeLater(new OwnerClient({ clock, random, links: this.#links, ring }));
    const origins: string[] = [];
    const gateways = await this.#startGateways({
      tickets: new TicketVerifier(keys.publicKey, clock),
      allowedOrigins: origins,
      owners: new RepairingOwners(owners, store),
      callerLimits: limits,
    });
    const first = gateways[0]!;
    // Made once the gateways are registered, so that it never knows those of an earlier life of this server.
    const known = { coordinator: this.#coordinator, directory: store, limits, signingKey: keys.privateKey };
    const common = createCallerParts({ clock, random, log, ...known });
    const connectFlow = this.#closeLater(common.connectFlow);

    const members = this.#closeLater(new MembersView(this.#coordinator));
    const isReady = () => members.has(ring.ownerOf(0)?.incarnation) && connectFlow.isReady();
    const rpcMeter = this.#meters.admin(() => owners.pendingCommands);
    const subscribe = first.server.subscribe();
    const callers = { ...common, memberships: store, owners, random, rpcMeter, subscribe };
    const admin = this.#closeLater(createAdmin(callers));
    const grpc = `${host}:${await admin.listen(`${host}:${this.#port(1)}`)}`;
    const forwarder = this.#closeLater(new Forwarder(grpc));
    const meters = { apiMeter: this.#meters.web(), metrics: () => this.#meters.text() };
    const faces = { ...common, ...meters, admin: forwarder, hosts: [], region: "", isReady };
    const web = this.#closeLater(createWeb(faces));
    const url = `http://${host}:${await web.listen(`${host}:${this.#port(0)}`)}`;
    origins.push(url);
    return { url, ws: first.url, grpc };
  }

  async #startGateways(
    parts: Pick<GatewayParts, "tickets" | "allowedOrigins" | "owners" | "callerLimits">,
  ): Promise<{ server: GatewayServer; url: string }[]> {
    const { clock, random, log } = this;
    const gateways: { server: GatewayServer; url: string }[] = [];
    for (let i = 1; i <= this.config.gateways; i++) {
      const sockets = await createSocketServer(this.config.socketEngine, clock, log);
      const common = { clock, random, links: this.#links, coordinator: this.#coordinator, sockets, log };
      const bounds = { rates: this.config.rateLimits, metrics: this.#meters.of(`gateway-${i}`) };
      const server = new GatewayServer({ ...common, ...bounds, ...parts });
      this.#gateways.push(this.#closeLater(server));
      const port = await server.listen(`${this.config.host}:${this.#port(1 + i)}`);
      const url = `ws://${this.config.host}:${port}/v1/socket`;
      const gateway = { id: `gateway-${i}`, url, region: "local" };
      const registration = { clock, coordinator: this.#coordinator, log, gateway };
      await this.#closeLater(gatewayRegistration(registration)).start();
      gateways.push({ server, url });
    }
    return gateways;
  }

  #port(offset: number): number {
    return this.config.port === 0 ? 0 : this.config.port + offset;
  }
}
