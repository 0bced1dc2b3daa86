import type { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { Server } from "../server.js";
import { ClientSocket } from "../sockets/client-socket.js";
import { FollowTally } from "../sockets/follow-tally.js";

/** What a subscriber tells of each event, in the turn in which it came. */
export type Witness = (channelId: string, event: Event) => void;

/** One socket that follows channels. */
export class Subscriber {
  readonly tallies: ReadonlyMap<string, FollowTally>;
  /** Frames that say that something was left out, refused or ended. */
  troubles = 0;
  #socket: ClientSocket | undefined;

  constructor(
    channels: readonly string[],
    private readonly witness: Witness,
  ) {
    this.tallies = new Map(channels.map((channelId) => [channelId, new FollowTally()]));
  }

  /** Connects as any client does; resolves when all channels are followed. */
  async open(server: Omit<Server, "grpc" | "ws">): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const opening = ClientSocket.open(server, {
        frame: (frame) => this.#take(frame, resolve),
        closed: (code) => {
          this.troubles++;
          reject(new Error(`the socket was closed (${code})`));
        },
      });
      opening.then((socket) => {
        this.#socket = socket;
        socket.subscribe(new Map([...this.tallies.keys()].map((channelId) => [channelId, undefined])));
      }, reject);
    });
  }

  close(): void {
    this.#socket?.close();
  }

  #take({ events, frame }: ServerFrame, ready: () => void): void {
    for (const { channelId, event } of events) {
      if (!event) continue;
      this.witness(channelId, event);
      this.tallies.get(channelId)?.got(event.seq);
    }
    switch (frame?.$case) {
      case "subscribed":
        this.tallies.get(frame.value.channelId)?.begin(frame.value.position?.seq ?? 0);
        break;
      case "ready":
        ready();
        break;
      case "gap":
      case "error":
      case "unsubscribed":
      case "goAway":
        this.troubles++;
    }
  }
}
