import { setTimeout as wait } from "node:timers/promises";
import type { Gap, ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { Event, Position } from "../../../gen/confab/v1/types.js";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { Api } from "../api.js";
import type { Server } from "../server.js";
import { ClientSocket } from "./client-socket.js";
import { FollowTally } from "./follow-tally.js";

const connectMsMax = 30_000;
const retryMs = 100;

/** What a client works with. */
export interface ClientParts {
  readonly server: Omit<Server, "grpc" | "ws">;
  readonly api: Api;
  readonly channelId: string;
  /** The channel's newest acknowledged event. */
  readonly newest: () => number;
  /** Told of each event in the turn in which it came. */
  readonly witness: (channelId: string, event: Event) => void;
}

/** A client that follows one channel over one connection after the other, as the protocol asks it to. */
export class FollowingClient {
  readonly tally = new FollowTally();
  connects = 0;
  gaps = 0;
  /** Connections that the server ended. */
  ended = 0;
  /** Frames that refuse or end what was asked for, and what could not be read elsewhere. */
  troubles = 0;
  #position: Position | undefined;
  #socket: ClientSocket | undefined;
  #filling: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ClientParts) {}

  /** The last event that it has, or knows that it must read elsewhere. */
  get seq(): number {
    return this.#position?.seq ?? 0;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Connects and names its position; resolves when the channel is followed, not when it has caught up. */
  async connect(): Promise<void> {
    await this.#filling;
    this.connects++;
    const giveUp = performance.now() + connectMsMax;
    for (;;) {
      try {
        return await this.#tryToConnect();
      } catch (error) {
        this.drop();
        if (performance.now() > giveUp) throw error;
        await wait(retryMs);
      }
    }
  }

  /** Loses its connection without a word. */
  drop(): void {
    this.#socket?.drop();
    this.#socket = undefined;
  }

  stall(): void {
    this.#socket?.stall();
  }

  /** Reads on what it was sent; resolves when that ended, by the server's doing. */
  async readToEnd(msMax: number): Promise<void> {
    this.#socket?.read();
    const giveUp = performance.now() + msMax;
    while (this.connected && performance.now() < giveUp) await wait(retryMs);
  }

  /** Resolves when what is read elsewhere has been read. */
  filledIn(): Promise<void> {
    return this.#filling;
  }

  async #tryToConnect(): Promise<void> {
    const { server, channelId, newest } = this.parts;
    await new Promise<void>((resolve, reject) => {
      const opening = ClientSocket.open(server, {
        frame: (frame) => this.#take(frame, resolve),
        closed: (code) => {
          this.#socket = undefined;
          this.ended++;
          reject(new Error(`the socket was closed (${code})`));
        },
      });
      opening.then((socket) => {
        this.#socket = socket;
        if (this.#position) this.tally.resume(newest());
        socket.subscribe(new Map([[channelId, this.#position]]));
      }, reject);
    });
  }

  #take({ events, frame }: ServerFrame, ready: () => void): void {
    for (const { channelId, event } of events) {
      if (!event) continue;
      this.parts.witness(channelId, event);
      this.tally.got(event.seq);
      if (event.seq > this.seq) this.#position = { seq: event.seq, id: event.id };
    }
    switch (frame?.$case) {
      case "subscribed":
        this.tally.begin(frame.value.position?.seq ?? 0);
        this.#position ??= frame.value.position;
        break;
      case "ready":
        ready();
        break;
      case "gap":
        this.gaps++;
        this.tally.leaveOut(frame.value.fromSeq, frame.value.toSeq);
        this.#filling = this.#fillIn(frame.value).catch(() => void this.troubles++);
        break;
      case "error":
      case "unsubscribed":
      case "goAway":
        this.troubles++;
    }
  }

  /** Pages what the connection will not bring. */
  async #fillIn({ channelId, fromSeq, toSeq }: Gap): Promise<void> {
    for (let afterSeq = fromSeq - 1; afterSeq < toSeq; ) {
      const limit = Math.min(pageEventsMax, toSeq - afterSeq);
      const { events } = await this.parts.api.messaging.listEvents({ channelId, afterSeq, limit });
      if (events.length === 0) throw new Error(`${channelId}: nothing after ${afterSeq}`);
      for (const event of events) {
        this.parts.witness(channelId, event);
        this.tally.fillIn(event.seq);
        afterSeq = event.seq;
        if (event.seq > this.seq) this.#position = { seq: event.seq, id: event.id };
      }
    }
  }
}
