import WebSocket from "ws";
import { z } from "zod";
import { ClientFrame, ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { Ready } from "../local-server.js";
import { FollowTally } from "./follow-tally.js";

const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });
const subscribeRequestId = 1;

/** What a subscriber tells of each event, in the turn in which it came. */
export type Witness = (channelId: string, event: Event) => void;

/** One socket that follows channels. */
export class Subscriber {
  readonly tallies: ReadonlyMap<string, FollowTally>;
  /** Frames that say that something was left out, refused or ended. */
  troubles = 0;
  #socket: WebSocket | undefined;
  #closing = false;

  constructor(
    channels: readonly string[],
    private readonly witness: Witness,
  ) {
    this.tallies = new Map(channels.map((channelId) => [channelId, new FollowTally()]));
  }

  /** Connects as any client does; resolves when all channels are followed. */
  async open(server: Pick<Ready, "url" | "token">): Promise<void> {
    const headers = { authorization: `Bearer ${server.token}` };
    const answer = await fetch(new URL("/api/rtm.connect", server.url), { method: "POST", headers });
    const text = await answer.text();
    const { data } = connectSchema.safeParse(JSON.parse(text));
    if (!data) throw new Error(`rtm.connect answered ${text}`);
    const { url, ticket } = data;
    const socket = new WebSocket(url, ["confab.v1.json", `confab.ticket.${ticket}`]);
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.on("message", (data) => this.#take(ServerFrame.fromJSON(JSON.parse(data.toString())), resolve));
      socket.on("error", reject);
      socket.on("close", (code) => {
        if (!this.#closing) this.troubles++;
        reject(new Error(`the socket was closed (${code})`));
      });
    });
  }

  close(): void {
    this.#closing = true;
    this.#socket?.close();
  }

  #take({ events, frame }: ServerFrame, ready: () => void): void {
    for (const { channelId, event } of events) {
      if (!event) continue;
      this.witness(channelId, event);
      this.tallies.get(channelId)?.got(event.seq);
    }
    switch (frame?.$case) {
      case "hello":
        this.#subscribe();
        break;
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

  #subscribe(): void {
    const channels = [...this.tallies.keys()].map((channelId) => ({ channelId, position: undefined }));
    const frame = { $case: "subscribe", value: { all: false, channels } } as const;
    const text = JSON.stringify(ClientFrame.toJSON({ requestId: subscribeRequestId, frame }));
    this.#socket?.send(text);
  }
}
