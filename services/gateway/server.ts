import type { DownFrame, UpFrame } from "../../gen/confab/mesh/v1/attach.js";
import { type Clock, sleep } from "../../lib/clock/clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Link, Links } from "../../lib/links/links.js";
import type { Metrics } from "../../lib/metrics/metrics.js";
import type { Owners } from "../../lib/owners/owners.js";
import type { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import type { RateLimitName } from "../../lib/rate-limit/refuse.js";
import { RingView } from "../../lib/ring/ring-view.js";
import type { StreamHandler } from "../../lib/rpc/stream.js";
import type { Tracing } from "../../lib/tracing/tracing.js";
import { readClientFrame } from "./client-frame.js";
import { closeCodes } from "./close-codes.js";
import { Gateway } from "./core/gateway.js";
import type { ClientConnection, Format, Identity } from "./core/session.js";
import { GatewayTracer } from "./delivery-tracer.js";
import { admit, type DoorParts } from "./door.js";
import { gatewayMeter, type SocketMeter } from "./meter.js";
import { OwnersSends } from "./owners-sends.js";
import { SocketLimits, type SocketRates } from "./socket-limits.js";
import type { SocketEnd, SocketOffer, SocketServer, SocketWelcome } from "./sockets.js";
import { subscribeHandler } from "./subscribe.js";

export interface GatewayParts extends DoorParts {
  readonly clock: Clock;
  readonly links: Links;
  readonly coordinator: Coordinator;
  readonly sockets: SocketServer;
  /** Carries out what clients send; stays open when the gateway closes. */
  readonly owners: Owners;
  /** Bounds what users send, as it bounds their calls; nothing does without. */
  readonly callerLimits?: Pick<CallerLimits, "call">;
  /** Bounds connections and their frames; nothing does without. */
  readonly rates?: SocketRates;
  readonly metrics?: Metrics;
  /** Traces what is sampled, and samples what clients send over their connections; nothing is without. */
  readonly tracing?: Tracing;
}

/** A gateway: clients' sockets on one side, one stream to each channel server on the other. */
export class GatewayServer {
  readonly #ring: RingView;
  readonly #gateway: Gateway;
  readonly #links = new Map<string, Link<UpFrame>>();
  readonly #meter: SocketMeter | undefined;
  readonly #limits: SocketLimits | undefined;
  /** Aborts when no connection is left of a gateway that drains. */
  readonly #emptied = new AbortController();
  #flushing = false;
  #draining = false;
  #closed = false;

  constructor(private readonly parts: GatewayParts) {
    const { clock, random, sockets, coordinator } = parts;
    this.#ring = new RingView(coordinator);
    this.#meter = parts.metrics && gatewayMeter(parts.metrics, () => this.#gateway);
    this.#limits = parts.rates && new SocketLimits(parts.rates, this.#meter?.refused);
    this.#gateway = new Gateway({
      random,
      meter: this.#meter,
      tracer: parts.tracing && new GatewayTracer(parts.tracing),
      ownerOf: (slot) => this.#ring.ownerOf(slot),
      up: (address, items) => this.#linkTo(address).send({ items }),
      flushSoon: () => this.#flushSoon(),
      later: (ms, call) => void clock.after(ms, () => !this.#closed && call(clock.now())),
      publish: (topic, frame) => sockets.publish(topic, frame),
      sends: new OwnersSends(parts),
    });
    this.#ring.onChange((slots) => this.#gateway.ringChanged(slots, clock.now()));
  }

  /** Listens for sockets at `host:port`; resolves with the port. */
  async listen(address: string): Promise<number> {
    await this.#ring.readyInTime(this.parts.clock);
    return this.parts.sockets.listen(
      address,
      (offer) => this.#welcome(offer),
      () => !this.#draining && !this.#closed,
    );
  }

  /** Takes in a connection whose identity is proved. */
  connect(connection: ClientConnection, identity: Identity): SocketEnd {
    const session = this.#gateway.opened(connection, identity);
    const { clock } = this.parts;
    this.#meter?.connected();
    const countFrame = this.#limits?.newConnection();
    return {
      received: (data) => {
        this.#meter?.frameReceived();
        const refusal = countFrame?.(clock.now());
        if (refusal) return session.refuse(requestIdOf(data, connection.format), refusal);
        try {
          this.#gateway.received(session, readClientFrame(data, connection.format), clock.now());
        } catch (error) {
          if (!(error instanceof ConfabError)) throw error;
          session.refuse(0, error);
          const { code, reason } = closeCodes.frame_too_large;
          if (error.code === "frame_too_large") connection.close(code, reason);
        }
      },
      drained: () => this.#gateway.drained(session, clock.now()),
      closed: (code = 1006) => {
        this.#meter?.closed(code);
        this.#gateway.ended(session, clock.now());
        if (this.#draining && this.#gateway.sessionCount === 0) this.#emptied.abort();
      },
    };
  }

  /** Counts what the limits of callers refused. */
  refused(limit: RateLimitName): void {
    this.#meter?.refused(limit);
  }

  /** `Realtime.Subscribe`, for a gRPC server to offer. */
  subscribe(): StreamHandler {
    return subscribeHandler((connection, identity) => {
      if (this.#draining || this.#closed) throw new ConfabError("unavailable");
      return this.connect(connection, identity);
    }, this.parts.random);
  }

  /**
   * Lets nobody in any more and asks all clients to come back elsewhere, each at its own moment of the
   * window; resolves when all have gone, the window is over or the signal aborts.
   */
  async drain(windowMs: number, signal?: AbortSignal): Promise<void> {
    this.#draining = true;
    if (this.#gateway.sessionCount === 0) return;
    this.#gateway.goAway(windowMs);
    const { signal: emptied } = this.#emptied;
    await sleep(this.parts.clock, windowMs, signal ? AbortSignal.any([signal, emptied]) : emptied);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ring.close();
    this.#gateway.close(closeCodes.going_away.code, closeCodes.going_away.reason);
    for (const link of this.#links.values()) link.close("gateway closed");
    this.#links.clear();
    this.parts.sockets.close();
  }

  async #welcome(offer: SocketOffer): Promise<SocketWelcome | ConfabError> {
    const admission = await admit(this.parts, offer);
    if (admission instanceof ConfabError) return admission;
    if (this.#draining || this.#closed) return new ConfabError("unavailable");
    const { identity, subprotocol, format } = admission;
    const refusal = this.#limits?.letIn(identity.userId, this.parts.clock.now());
    if (refusal) return refusal;
    return { subprotocol, format, opened: (connection) => this.connect(connection, identity) };
  }

  #linkTo(address: string): Link<UpFrame> {
    const open = this.#links.get(address);
    if (open) return open;
    const { clock, links } = this.parts;
    const link = links.open(address, "attach", {
      received: ({ items }: DownFrame) => {
        if (this.#links.get(address) === link) this.#gateway.down(address, items, clock.now());
      },
      closed: () => {
        if (this.#links.get(address) !== link) return;
        this.#links.delete(address);
        this.#gateway.streamClosed(address, clock.now());
      },
    });
    this.#links.set(address, link);
    return link;
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.parts.clock.endOfTurn(() => {
      this.#flushing = false;
      if (!this.#closed) this.#gateway.flush();
    });
  }
}

/** The request that a frame makes, so that its refusal can name it; 0 if the frame is none. */
function requestIdOf(data: string | Uint8Array, format: Format): number {
  try {
    return readClientFrame(data, format).requestId;
  } catch {
    return 0;
  }
}
