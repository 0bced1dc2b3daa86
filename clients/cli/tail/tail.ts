import type { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { Patience } from "../server/patience.js";
import { EventOrder, type EventOrderParts } from "./event-order.js";
import { GatewaySocket } from "./gateway-socket.js";
import { Heartbeat } from "./heartbeat.js";
import { leaveReason, problemOf } from "./refusals.js";
import { rtmConnect } from "./rtm-connect.js";

/** How long the first subscription may take, in milliseconds; later ones are tried for ever. */
const firstMsMax = 10_000;
/** Request id of the subscription. */
const requestId = 1;

/** Follows channels until it is stopped, over as many connections as it takes. */
export class Tail {
  readonly #order: EventOrder;
  #patience: Patience;
  #state: "beginning" | "following" | "lost" = "beginning";

  constructor(private readonly parts: EventOrderParts) {
    this.#order = new EventOrder(parts);
    this.#patience = new Patience(parts, firstMsMax);
  }

  /** Resolves when it is stopped. @throws ConfabError when going on is of no use */
  async run(): Promise<void> {
    const { stop } = this.parts;
    while (!stop.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (stop.aborted) return;
        this.#lost(error);
        await this.#patience.after(error).catch((last) => {
          if (!stop.aborted) throw last;
        });
      }
    }
  }

  /** One connection, from its opening to its end. */
  async #follow(): Promise<void> {
    const { clock, stop, connection } = this.parts;
    const { server } = await connection.api();
    const { url, ticket } = await rtmConnect(server, stop);
    const socket = await GatewaySocket.open(url, ticket, stop);
    const heartbeat = new Heartbeat(clock, socket);
    socket.onSign = () => heartbeat.sign();
    const close = () => socket.close();
    stop.addEventListener("abort", close, { once: true });
    try {
      socket.send({ requestId, subscribe: { channels: this.parts.positions.wanted() } });
      for await (const frame of socket.frames()) {
        if (frame.frame?.$case === "hello") heartbeat.start(frame.frame.value.heartbeatMs);
        await this.#handle(frame);
        if (stop.aborted) return;
      }
      throw socket.ending;
    } finally {
      stop.removeEventListener("abort", close);
      heartbeat.close();
      socket.close();
    }
  }

  async #handle({ events, frame }: ServerFrame): Promise<void> {
    for (const { channelId, event } of events) if (event) await this.#order.received(channelId, event);
    const { positions, say, titleOf } = this.parts;
    switch (frame?.$case) {
      case "subscribed":
        return positions.begin(frame.value.channelId, frame.value.position ?? { seq: 0, id: 0 });
      case "ready":
        return this.#following();
      case "gap":
        return this.#order.gap(frame.value);
      case "error":
        throw problemOf(frame.value.problem);
      case "unsubscribed": {
        const { channelId, reason } = frame.value;
        const error = leaveReason(titleOf(channelId), reason);
        if (!positions.remove(channelId)) throw error;
        return say(`confab: ${error.message}`);
      }
      default:
        // Answers to pings, and what is of no interest here. A gateway that goes away closes in the end.
        return;
    }
  }

  #following(): void {
    if (this.#state === "lost") this.parts.say("confab: connected again");
    this.#state = "following";
    this.#patience = new Patience(this.parts, Number.POSITIVE_INFINITY);
  }

  /** Tells once that the connection is gone, and looks for the server anew. */
  #lost(error: unknown): void {
    this.parts.connection.close();
    if (this.#state !== "following") return;
    this.#state = "lost";
    if (error instanceof Error) this.parts.say(`confab: ${error.message}; reconnecting`);
  }
}
