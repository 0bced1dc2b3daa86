import { setTimeout as wait } from "node:timers/promises";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { Api } from "../api.js";
import type { Server } from "../server.js";
import { FollowingClient } from "../sockets/following-client.js";
import { IdsSeen } from "../sockets/ids-seen.js";
import { drawAbsence } from "./absence.js";

const connectedMsMax = 4000;
const connectingMax = 20;
const pollMs = 20;
const quietMsMax = 10_000;

/** Clients that come and go, and what was acknowledged of each channel. */
export class Crowd {
  readonly ids = new IdsSeen();
  readonly #newest = new Map<string, number>();
  readonly #clients: readonly { readonly channelId: string; readonly client: FollowingClient }[];

  constructor(server: Server, api: Api, channels: readonly string[], count: number) {
    this.#clients = Array.from({ length: count }, (_, i) => {
      const channelId = channels[i % channels.length] ?? "";
      const newest = () => this.newest(channelId);
      const witness = (id: string, event: Event) => this.ids.saw(id, event);
      return { channelId, client: new FollowingClient({ server, api, channelId, newest, witness }) };
    });
  }

  newest(channelId: string): number {
    return this.#newest.get(channelId) ?? 0;
  }

  acked(channelId: string, seq: number): void {
    this.#newest.set(channelId, Math.max(this.newest(channelId), seq));
  }

  /** Connects all that are not, some at a time. */
  async connect(): Promise<void> {
    const waiting = this.#clients.filter(({ client }) => !client.connected);
    const connectNext = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await next.client.connect();
    };
    await Promise.all(Array.from({ length: connectingMax }, connectNext));
  }

  /** Drops all, each again and again at random moments, and brings them back, until the signal aborts. */
  async comeAndGo(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#clients.map(async ({ channelId, client }) => {
        while (!signal.aborted) {
          await wait(Math.random() * connectedMsMax);
          if (signal.aborted) return;
          client.drop();
          const until = client.seq + drawAbsence(Math.random);
          while (!signal.aborted && this.newest(channelId) < until) await wait(pollMs);
          await client.connect();
        }
      }),
    );
  }

  /** Waits until nobody misses anything, or nothing came for a while. */
  async listenToTheEnd(): Promise<void> {
    let before = -1;
    for (let quietMs = 0; quietMs < quietMsMax; quietMs += pollMs) {
      await Promise.all(this.#clients.map(({ client }) => client.filledIn()));
      const { deliveries, missing } = this.figures();
      if (missing === 0) return;
      if (deliveries !== before) quietMs = 0;
      before = deliveries;
      await wait(pollMs);
    }
  }

  figures() {
    const sum = (of: (client: FollowingClient, channelId: string) => number) =>
      this.#clients.reduce((all, { client, channelId }) => all + of(client, channelId), 0);
    return {
      resumes: sum(({ connects }) => Math.max(0, connects - 1)),
      deliveries: sum(({ tally }) => tally.deliveries),
      gaps: sum(({ gaps }) => gaps),
      missing: sum(({ tally }, channelId) => tally.missing(this.newest(channelId))),
      duplicate: sum(({ tally }) => tally.duplicate),
      reordered: sum(({ tally }) => tally.reordered),
      liveBeforeCaughtUp: sum(({ tally }) => tally.liveBeforeCaughtUp),
      different: this.ids.different,
      troubles: sum(({ troubles, ended }) => troubles + ended),
    };
  }

  close(): void {
    for (const { client } of this.#clients) client.drop();
  }
}
