import type { DownFrame, UpFrame } from "../../gen/confab/mesh/v1/attach.js";
import type { TicketVerifier } from "../../lib/auth/ticket.js";
import type { Clock } from "../../lib/clock/clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { makeId } from "../../lib/ids/ids.js";
import { clientFrameBytesMax } from "../../lib/limits/limits.js";
import type { Link, Links } from "../../lib/links/links.js";
import type { Log } from "../../lib/log/log.js";
import type { Metrics } from "../../lib/metrics/metrics.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { parseClientFrame } from "./client-frame-json.js";
import { closeCodes } from "./close-codes.js";
import { Gateway } from "./core/gateway.js";
import type { ClientConnection, Identity } from "./core/session.js";
import { gatewayMeter, type SocketMeter } from "./meter.js";
import { SocketLimits, type SocketRates } from "./socket-limits.js";
import type { SocketEnd, SocketOffer, SocketServer, SocketWelcome } from "./sockets.js";

const jsonSubprotocol = "confab.v1.json";
const ticketSubprotocol = "confab.ticket.";

export interface GatewayParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly links: Links;
  readonly coordinator: Coordinator;
  readonly sockets: SocketServer;
  readonly tickets: Pick<TicketVerifier, "verify">;
  /** Pages of these origins may connect; programs, which send no origin, always may. */
  readonly allowedOrigins: readonly string[];
  readonly log: Log;
  /** Bounds what clients send; nothing does without. */
  readonly rates?: SocketRates;
  readonly metrics?: Metrics;
}

/** A gateway: clients' sockets on one side, one stream to each channel server on the other. */
export class GatewayServer {
  readonly #ring: RingView;
  readonly #gateway: Gateway;
  readonly #links = new Map<string, Link<UpFrame>>();
  readonly #meter: SocketMeter | undefined;
  readonly #limits: SocketLimits | undefined;
  #flushing = false;
  #closed = false;

  constructor(private readonly parts: GatewayParts) {
    const { clock, random, sockets, coordinator } = parts;
    this.#ring = new RingView(coordinator);
    this.#meter = parts.metrics && gatewayMeter(parts.metrics, () => this.#gateway);
    this.#limits = parts.rates && new SocketLimits(parts.rates, this.#meter?.refused);
    this.#gateway = new Gateway({
      random,
      meter: this.#meter,
      ownerOf: (slot) => this.#ring.ownerOf(slot),
      up: (address, items) => this.#linkTo(address).send({ items }),
      flushSoon: () => this.#flushSoon(),
      later: (ms, call) => void clock.after(ms, () => !this.#closed && call(clock.now())),
      publish: (topic, text) => sockets.publish(topic, text),
    });
    this.#ring.onChange((slots) => this.#gateway.ringChanged(slots, clock.now()));
  }

  /** Listens for sockets at `host:port`; resolves with the port. */
  async listen(address: string): Promise<number> {
    await this.#ring.ready;
    return this.parts.sockets.listen(address, (offer) => this.#welcome(offer));
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
        if (refusal) return session.refuse(requestIdOf(data), refusal);
        try {
          this.#gateway.received(session, parseFrame(data), clock.now());
        } catch (error) {
          if (!(error instanceof ConfabError)) throw error;
          session.refuse(0, error);
          const { code, reason } = closeCodes.frame_too_large;
          if (error.code === "frame_too_large") connection.close(code, reason);
        }
      },
      closed: (code = 1006) => {
        this.#meter?.closed(code);
        this.#gateway.ended(session, clock.now());
      },
    };
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

  async #welcome({ subprotocols, origin }: SocketOffer): Promise<SocketWelcome | ConfabError> {
    if (!subprotocols.includes(jsonSubprotocol)) return new ConfabError("unknown_subprotocol");
    if (origin !== undefined && !this.parts.allowedOrigins.includes(origin)) {
      return new ConfabError("invalid_argument", "origin");
    }
    const ticket = subprotocols.find((name) => name.startsWith(ticketSubprotocol));
    if (!ticket) return new ConfabError("invalid_ticket", "", "no ticket: get one by rtm.connect");
    try {
      const { caller } = await this.parts.tickets.verify(ticket.slice(ticketSubprotocol.length));
      const refusal = this.#limits?.letIn(caller.userId, this.parts.clock.now());
      if (refusal) return refusal;
      const identity = { ...caller, connectionId: makeId("C", this.parts.random).slice(1) };
      return {
        subprotocol: jsonSubprotocol,
        opened: (connection) => this.connect(connection, identity),
      };
    } catch (error) {
      if (error instanceof ConfabError) return error;
      this.parts.log.error({ err: error }, "a ticket could not be checked");
      return new ConfabError("internal");
    }
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

function parseFrame(data: string | Uint8Array) {
  if (typeof data !== "string") {
    throw new ConfabError("invalid_frame", "", "this subprotocol has text frames only");
  }
  if (data.length > clientFrameBytesMax || Buffer.byteLength(data) > clientFrameBytesMax) {
    throw new ConfabError("frame_too_large");
  }
  return parseClientFrame(data);
}

/** The request that a frame makes, so that its refusal can name it; 0 if the frame is none. */
function requestIdOf(data: string | Uint8Array): number {
  try {
    return parseFrame(data).requestId;
  } catch {
    return 0;
  }
}
