import type { Caller } from "../auth/caller.js";
import type { TicketIssuer } from "../auth/ticket.js";
import type { Coordinator, Entry, Watch } from "../coordination/coordinator.js";
import { ConfabError } from "../errors/errors.js";
import type { Log } from "../log/log.js";
import type { CallerLimits } from "../rate-limit/caller-limits.js";
import { type Gateway, gatewayPrefix, parseGateway } from "./gateways.js";
import { pocketOf } from "./pocket.js";

/**
 * How many gateways of a region a workspace uses: more spread its load, fewer receive each of its messages.
 */
const pocketGatewaysMax = 2;

/** Where to open a socket, and what opens it. */
export interface Connection {
  /** WebSocket URL; holds no secret. */
  readonly url: string;
  readonly ticket: string;
  readonly ticketTtlMs: number;
}

/** Sends callers to gateways. */
export class ConnectFlow {
  readonly #gateways = new Map<string, Gateway>();
  readonly #watch: Watch;

  /** @param random a number from 0 to below 1 */
  constructor(
    coordinator: Pick<Coordinator, "watch">,
    private readonly issuer: Pick<TicketIssuer, "issue">,
    private readonly random: () => number,
    private readonly log: Log,
    /** Bounds how often a user connects; nothing does without. */
    private readonly limits?: Pick<CallerLimits, "connect">,
  ) {
    this.#watch = coordinator.watch(gatewayPrefix, {
      snapshot: (entries) => {
        this.#gateways.clear();
        for (const entry of entries) this.#put(entry);
      },
      changed: (puts, removed) => {
        for (const key of removed) this.#gateways.delete(key);
        for (const entry of puts) this.#put(entry);
      },
    });
  }

  /**
   * One of the workspace's gateways in the region; where the region is empty or has none, in any region.
   *
   * @throws ConfabError `unavailable` when there is no gateway at all, `rate_limited` when the user connects
   *   too often.
   */
  async connect(caller: Caller, region: string): Promise<Connection> {
    this.limits?.connect(caller);
    const all = [...this.#gateways.values()];
    const near = all.filter((gateway) => gateway.region === region);
    const pocket = pocketOf(caller.workspaceId, near.length > 0 ? near : all, pocketGatewaysMax);
    const place = Math.floor(this.random() * pocket.length);
    const gateway = pocket[place];
    if (!gateway) throw new ConfabError("unavailable", "", "there is no gateway to connect to");
    const { ticket, ttlMs } = await this.issuer.issue(caller);
    const isShared = all.some(({ id, url }) => id !== gateway.id && url === gateway.url);
    const url = isShared ? withPocket(gateway.url, `${caller.workspaceId}-${place}`) : gateway.url;
    return { url, ticket, ticketTtlMs: ttlMs };
  }

  /** Whether there is a gateway to send callers to. */
  isReady(): boolean {
    return this.#gateways.size > 0;
  }

  /** Learns no more of gateways. Safe to call twice. */
  close(): void {
    this.#watch.cancel();
  }

  #put({ key, value }: Entry): void {
    const gateway = parseGateway(key, value);
    if (gateway) this.#gateways.set(key, gateway);
    else {
      this.#gateways.delete(key);
      this.log.warn({ key }, "the entry of a gateway cannot be read");
    }
  }
}

/**
 * Gateways behind one URL are told apart by a proxy, which sends all sockets of one pocket to the same one.
 * So a workspace has as many keys as it may use gateways.
 */
function withPocket(url: string, pocket: string): string {
  const named = new URL(url);
  named.searchParams.set("pocket", pocket);
  return named.href;
}
