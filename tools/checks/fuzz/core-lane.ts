import { setImmediate as nextTurn } from "node:timers/promises";
import type { Down, DownFrame, Up } from "../../../gen/confab/mesh/v1/attach.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { MemoryCoordinator } from "../../../lib/coordination/memory-coordinator.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Position, UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import type { Link } from "../../../lib/links/links.js";
import { MemoryLinks } from "../../../lib/links/memory-links.js";
import { ownerEntry } from "../../../lib/ring/records.js";
import { slotCount } from "../../../lib/ring/slot.js";
import { GatewayServer } from "../../../services/gateway/server.js";
import type { Random } from "../../../tests/sim/random.js";
import { fuzzedFrame } from "./inputs.js";
import type { Subjects } from "./samples.js";
import type { Tally } from "./tally.js";

const owner = "owner:1";
const user = "U000000000001" as UserId;
const workspaceId = "W000000000001" as WorkspaceId;
/** The first exists and the user is a member, the second exists, the third does not. */
const channels = ["C000000000001", "C000000000002", "C000000000003"];
const subjects: Subjects = { channels, users: [user] };
const newest: Position = { seq: 3, id: 1003 };
const transactionPuts = 64;
/** Frames of one connection. */
const framesPerConnection = 100;
/** Longer than a gateway keeps what nobody wants, in ms. */
const longMs = 70_000;

/** An owner of all channels, of which the first has the user as its member. */
class Owner {
  readonly #aliases = new Map<string, number>();
  #nextAlias = 1;

  constructor(private readonly link: Link<DownFrame>) {}

  grant(wishes: readonly Up[]): void {
    const items = wishes.flatMap((up) => this.#answer(up));
    if (items.length > 0) this.link.send({ items });
  }

  #answer({ channelId, epoch, wish }: Up): Down[] {
    switch (wish?.$case) {
      case "attach":
        return [
          { alias: this.#alias(channelId), item: { $case: "attached", value: { channelId, newest, epoch } } },
        ];
      case "detach":
        this.#aliases.delete(channelId);
        return [];
      case "ask": {
        const exists = channelId === channels[0] || channelId === channels[1];
        const place = exists ? newest : { seq: 0, id: 0 };
        const answer = { channelId, member: channelId === channels[0], newest: place, joinedSeq: 0 };
        return [{ alias: 0, item: { $case: "member", value: { ...wish.value, ...answer } } }];
      }
      default:
        return [];
    }
  }

  #alias(channel: string): number {
    const alias = this.#aliases.get(channel) ?? this.#nextAlias++;
    this.#aliases.set(channel, alias);
    return alias;
  }
}

const place = { seq: 1, id: 1 };
const refuse = () => Promise.reject(new ConfabError("not_in_channel", "channel_id"));
const noReads = { readEvents: refuse, ask: refuse };

/** A gateway's core and what reads frames for it, without sockets, on a clock that stands still. */
export class CoreLane {
  readonly #clock = new ManualClock();
  readonly #links = new MemoryLinks(this.#clock);
  readonly #coordinator = new MemoryCoordinator(this.#clock);
  readonly #server: GatewayServer;

  constructor(
    private readonly random: Random,
    private readonly tally: Tally,
  ) {
    this.#server = new GatewayServer({
      ...{ clock: this.#clock, links: this.#links, coordinator: this.#coordinator, allowedOrigins: [] },
      random: random.fraction,
      owners: { command: async (_channel, _author, actions) => actions.map(() => place), ...noReads },
      sockets: { listen: async () => 0, publish: () => {}, close: () => {} },
      tickets: { verify: () => Promise.reject(new Error("nobody comes by the door")) },
      log: { debug() {}, info() {}, warn() {}, error: (...words) => fail(words) },
    });
  }

  async start(): Promise<void> {
    const record = { memberId: "m", incarnation: "i", address: owner, epoch: 1, cleanFrom: 1 };
    const entries = Array.from({ length: slotCount }, (_, slot) => ownerEntry({ ...record, slot }));
    for (let i = 0; i < slotCount; i += transactionPuts) {
      await this.#coordinator.transact({ put: entries.slice(i, i + transactionPuts) });
    }
    await this.#links.listen(owner, {
      accept_attach: (link) => {
        const one = new Owner(link);
        return { received: ({ items }) => one.grant(items), closed: () => {} };
      },
    });
    await this.#clock.pass(0);
    await this.#server.listen("");
  }

  /** Sends so many frames over one connection after the other, half of them in each format. */
  async run(frames: number): Promise<void> {
    for (let sent = 0; sent < frames; sent += framesPerConnection) {
      this.#connection(Math.min(framesPerConnection, frames - sent));
      // What owners answer comes by promises.
      await nextTurn();
    }
    // What nobody wants any more is let go.
    this.#clock.advance(longMs);
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#coordinator.close();
  }

  #connection(frames: number): void {
    const { random, tally } = this;
    const format = random.chance(0.5) ? "json" : "proto";
    let pongs = 0;
    const connection = {
      ...({
        format,
        canJoin: random.chance(0.5),
        bufferedBytes: () => 0,
        join: () => {},
        leave: () => {},
      } as const),
      send: (data: string | Uint8Array) => {
        if (tally.frame(data).frame?.$case === "pong") pongs++;
      },
      close: () => void tally.closed++,
    };
    const end = this.#server.connect(connection, {
      connectionId: "c",
      userId: user,
      workspaceId,
      tokenId: "T",
    });
    for (let i = 0; i < frames; i++) {
      const data = fuzzedFrame(random, format, subjects);
      tally.sent++;
      end.received(format === "json" && random.chance(0.99) ? data.toString() : data);
      if (random.chance(0.1)) this.#clock.runTurn();
    }
    const before = pongs;
    end.received(format === "json" ? '{"ping":{}}' : new Uint8Array([0x2a, 0]));
    if (pongs !== before + 1) throw new Error("a ping among the others got no answer");
    end.closed();
    this.#clock.advance(longMs / 100);
  }
}

function fail(words: unknown): never {
  throw new Error(`logged as an error: ${JSON.stringify(words)}`);
}
