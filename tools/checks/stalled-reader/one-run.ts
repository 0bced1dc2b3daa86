import { setTimeout as wait } from "node:timers/promises";
import type { Event } from "../../../gen/confab/v1/types.js";
import { type Api, createChannels } from "../api.js";
import type { CheckContext } from "../check.js";
import { quantile } from "../figures.js";
import { Ledger } from "../posting/ledger.js";
import { postAll } from "../posting/post-all.js";
import type { Server } from "../server.js";
import { FollowingClient } from "../sockets/following-client.js";
import { startServer } from "../start-server.js";
import { ServerWatch } from "./server-watch.js";
import { sentMs, timedText } from "./timed-text.js";

const callers = 20;
const batch = 5;
/** Share of the messages that warm the server up before anything is stalled or measured. */
const warmUpShare = 0.2;
/** Bounds of the server's heap: it grows to them in every run, so that what else grows can be seen. */
const heapBounds = ["--max-semi-space-size=2", "--max-old-space-size=128"];
const endMsMax = 15_000;
const quietMsMax = 10_000;
const pollMs = 50;

/** What is done in each run. */
export interface Load {
  readonly rate: number;
  readonly seconds: number;
  readonly messageBytes: number;
  readonly readers: number;
}

/** What one run found. */
export interface RunFindings {
  readonly p99Ms: number;
  readonly growthBytes: number;
  readonly postsPerSecond: number;
  /** When the server had let go of a connection, in seconds since the beginning. */
  readonly cutOffSeconds: number | undefined;
  readonly gaps: number;
  readonly missing: number;
  readonly duplicate: number;
  readonly reordered: number;
  readonly troubles: number;
}

/** One channel under load on a server of its own, with readers of which one may have stopped to read. */
export class OneRun {
  readonly #newest = { seq: 0 };
  readonly #latenciesMs: number[] = [];
  readonly #ledger = new Ledger();
  #warm = false;
  #whenWarm: () => void = () => {};

  constructor(
    private readonly context: Pick<CheckContext, "signal" | "defer">,
    private readonly folder: string,
    private readonly load: Load,
  ) {}

  /** Runs on a fresh server, which is ended with the run. */
  async run(stalled: boolean): Promise<RunFindings> {
    const room = { folder: this.folder, defer: this.context.defer };
    const { server, ready, api } = await startServer(room, { nodeArgs: heapBounds });
    try {
      return await this.#runOn(ready, api, stalled);
    } finally {
      api.close();
      await server.close();
    }
  }

  async #runOn(ready: Server, api: Api, stalled: boolean): Promise<RunFindings> {
    const [channelId = ""] = await createChannels(api, 1);
    const common = { server: ready, api, channelId, newest: () => this.#newest.seq };
    const witness = (_: string, event: Event) => this.#time(event);
    const readers = Array.from(
      { length: this.load.readers },
      () => new FollowingClient({ ...common, witness }),
    );
    const victim = stalled ? new FollowingClient({ ...common, witness: () => {} }) : undefined;
    const clients = victim ? [...readers, victim] : readers;
    for (const client of clients) await client.connect();
    const watch = new ServerWatch(ready);
    let watching = Promise.resolve();
    this.#whenWarm = () => {
      victim?.stall();
      watching = watch.begin();
    };
    const postsPerSecond = await this.#post(api, channelId);
    await this.#listenToTheEnd(readers);
    await watching;
    await watch.close();
    const { growthBytes, cutOffSeconds } = watch;
    if (victim) {
      await victim.readToEnd(endMsMax);
      await victim.connect();
      await this.#listenToTheEnd([victim]);
    }
    for (const client of clients) client.drop();
    const p99Ms = quantile(this.#latenciesMs, 0.99);
    return { p99Ms, growthBytes, cutOffSeconds, postsPerSecond, ...this.#faults(clients) };
  }

  #time({ kind }: Event): void {
    if (!this.#warm || kind?.$case !== "messagePosted") return;
    this.#latenciesMs.push(performance.now() - sentMs(kind.value.text));
  }

  /** Posts all; resolves with how many a second that were. */
  async #post(api: Api, channelId: string): Promise<number> {
    const { rate, seconds, messageBytes } = this.load;
    const posts = rate * seconds;
    const began = performance.now();
    const plan = {
      ...{ posts, callers, batch, rate, channels: [channelId] },
      textOf: () => timedText(performance.now(), messageBytes),
      acked: (acked: readonly { position?: { seq: number } }[]) => {
        for (const { position } of acked) this.#newest.seq = Math.max(this.#newest.seq, position?.seq ?? 0);
        if (this.#warm || this.#newest.seq <= posts * warmUpShare) return;
        this.#warm = true;
        this.#whenWarm();
      },
    };
    const settling = { api: async () => api, random: Math.random, halt: this.context.signal };
    await postAll(plan, this.#ledger, settling);
    return Math.round((posts * 1000) / (performance.now() - began));
  }

  async #listenToTheEnd(clients: readonly FollowingClient[]): Promise<void> {
    let before = -1;
    for (let quietMs = 0; quietMs < quietMsMax; quietMs += pollMs) {
      await Promise.all(clients.map((client) => client.filledIn()));
      if (this.#faults(clients).missing === 0) return;
      const deliveries = clients.reduce((sum, { tally }) => sum + tally.deliveries, 0);
      if (deliveries !== before) quietMs = 0;
      before = deliveries;
      await wait(pollMs);
    }
  }

  #faults(clients: readonly FollowingClient[]) {
    const sum = (of: (client: FollowingClient) => number) =>
      clients.reduce((all, client) => all + of(client), 0);
    return {
      gaps: sum(({ gaps }) => gaps),
      missing: sum(({ tally }) => tally.missing(this.#newest.seq)),
      duplicate: sum(({ tally }) => tally.duplicate),
      reordered: sum(({ tally }) => tally.reordered + tally.liveBeforeCaughtUp),
      troubles: sum(({ troubles }) => troubles),
    };
  }
}
