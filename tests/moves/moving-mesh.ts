import assert from "node:assert/strict";
import { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { sleep } from "../../lib/clock/clock.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { type ChannelId, makeId, type UserId, type WorkspaceId } from "../../lib/ids/ids.js";
import { MemoryLinks } from "../../lib/links/memory-links.js";
import { OwnerClient } from "../../lib/owners/owner-client.js";
import { memberPrefix, slotPrefix } from "../../lib/ring/keys.js";
import { parseMember, parseOwner } from "../../lib/ring/records.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { ChannelServer } from "../../services/channel/server.js";
import { Charm } from "../../services/charm/server.js";
import { GatewayServer } from "../../services/gateway/server.js";
import { MemorySockets } from "./memory-sockets.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const ada = "U00000000000A" as UserId;
const workspaceId = "W000000000001" as WorkspaceId;
const channelCount = 12;
/** How long the store takes for an append, and a poster thinks, in ms. */
const [appendMs, thinkMs] = [3, 10];
/** Longest time that anything may take here, in ms of the stage's clock. */
const patienceMs = 60_000;

/** A store whose appends take time, so that some are always in flight. */
class SlowStore extends MemoryStore {
  constructor(private readonly clock: ManualClock) {
    super();
  }

  override async append(...args: Parameters<MemoryStore["append"]>): Promise<void> {
    await sleep(this.clock, appendMs);
    return super.append(...args);
  }
}

/** Channel servers, a charm and a gateway in memory, and people who post, read and follow all the time. */
export class MovingMesh {
  readonly clock = new ManualClock();
  readonly coordinator = new MemoryCoordinator(this.clock);
  readonly servers = new Map<string, ChannelServer>();
  /** What went wrong for anybody. */
  readonly failures: string[] = [];
  readonly channels = Array.from({ length: channelCount }, () => makeId("C", Math.random) as ChannelId);
  readonly #store = new SlowStore(this.clock);
  readonly #links = new MemoryLinks(this.clock);
  readonly #sockets = new MemorySockets();
  readonly #ring = new RingView(this.coordinator);
  readonly #common = {
    ...{ clock: this.clock, random: Math.random, log, store: this.#store },
    ...{ coordinator: this.coordinator, links: this.#links },
  };
  readonly #owners = new OwnerClient({ ...this.#common, ring: this.#ring });
  readonly #charm = new Charm({ ...this.#common, id: "charm-1" });
  readonly #gateway: GatewayServer;
  /** Last `seq` that was acknowledged, and that came to the follower, by channel. */
  readonly #acknowledged = new Map<string, number>();
  readonly #received = new Map<string, number>();
  readonly #texts = new Map<string, string[]>();
  #posting = true;
  readonly #people: Promise<void>[] = [];

  constructor() {
    const verify = async () => ({
      id: "ticket",
      expiresMs: 0,
      caller: { userId: ada, workspaceId, tokenId: "" },
    });
    this.#gateway = new GatewayServer({
      ...{ ...this.#common, sockets: this.#sockets, owners: this.#owners },
      ...{ tickets: { verify }, allowedOrigins: [] },
    });
  }

  /** Begins with one server, `a`, which owns all. */
  async begin(): Promise<void> {
    await this.join("a");
    await this.#charm.start();
    await this.until(async () => (await this.counts()).a === 4096 || "a does not own all");
    await this.during(this.#gateway.listen("gateway:1"));
    await this.during(Promise.all(this.channels.map((channel) => this.#create(channel))));
    await this.#follow();
    for (const channel of this.channels) this.#people.push(this.#post(channel), this.#read(channel));
    await this.clock.pass(200);
  }

  async join(memberId: string): Promise<ChannelServer> {
    const server = new ChannelServer({ ...this.#common, memberId, address: `${memberId}:1` });
    this.servers.set(memberId, server);
    await this.during(server.start());
    return server;
  }

  /** How many slots each member owns. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const entry of await this.coordinator.read(slotPrefix)) {
      const { memberId } = parseOwner(entry)!;
      counts[memberId] = (counts[memberId] ?? 0) + 1;
    }
    return counts;
  }

  async incarnationOf(memberId: string): Promise<string | undefined> {
    const members = (await this.coordinator.read(memberPrefix)).map(parseMember);
    return members.find((member) => member?.memberId === memberId)?.incarnation;
  }

  /** Lets time pass until it is so; else it says why not yet. */
  async until(look: () => Promise<true | string>): Promise<void> {
    for (let waited = 0; ; waited += 20) {
      const why = await look();
      if (why === true) return;
      assert.ok(waited < patienceMs, why);
      await this.clock.pass(20);
    }
  }

  /** Lets everybody come to an end: nothing failed, and every log is whole, in order and was delivered. */
  async check(): Promise<void> {
    this.#posting = false;
    await this.during(Promise.all(this.#people));
    await this.until(async () => {
      const behind = this.channels.find((id) => this.#received.get(id) !== this.#acknowledged.get(id));
      return behind === undefined || `${behind} was not delivered to its end`;
    });
    assert.deepEqual(this.failures, []);
    for (const channel of this.channels) {
      const page = { fromSeq: 2, limit: 1000, downward: false, minSeq: 0 };
      const { events } = await this.during(this.#owners.readEvents(channel, ada, page, this.#deadline()));
      const texts = events.map(({ kind }) => (kind?.$case === "messagePosted" ? kind.value.text : "?"));
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, i) => i + 3),
      );
      assert.deepEqual(texts, this.#texts.get(channel));
    }
  }

  async close(): Promise<void> {
    this.#posting = false;
    this.#owners.close();
    await this.during(this.#gateway.close());
    await this.during(this.#charm.close());
    for (const server of this.servers.values()) await this.during(server.close());
    this.#ring.close();
    await this.coordinator.close();
  }

  /** Lets time pass until a promise settles. */
  async during<Value>(promise: Promise<Value>): Promise<Value> {
    let settled = false;
    promise.then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    for (let waited = 0; !settled; waited += 5) {
      assert.ok(waited < patienceMs, "it takes too long");
      await this.clock.pass(5);
    }
    return promise;
  }

  #deadline(): number {
    return this.clock.now() + 5000;
  }

  async #create(channel: ChannelId): Promise<void> {
    const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
    const value = { workspaceId, name: channel.toLowerCase(), type };
    await this.#command(channel, { $case: "create", value });
    this.#texts.set(channel, []);
  }

  async #command(channel: ChannelId, action: Parameters<OwnerClient["command"]>[2][number]): Promise<number> {
    const options = { firstAttempt: true, deadlineMs: this.#deadline() };
    const [outcome] = await this.#owners.command(channel, ada, [action], options);
    if (outcome instanceof ConfabError) throw outcome;
    return outcome!.seq;
  }

  async #post(channel: ChannelId): Promise<void> {
    const texts = this.#texts.get(channel)!;
    for (let i = 1; this.#posting && i < 900; i++) {
      const text = `message ${i}`;
      const value = { text, clientMsgId: `m${i}`, parentId: 0, broadcast: false };
      try {
        const seq = await this.#command(channel, { $case: "post", value });
        texts.push(text);
        this.#acknowledged.set(channel, seq);
      } catch (error) {
        this.failures.push(`post in ${channel}: ${error}`);
      }
      await sleep(this.clock, thinkMs);
    }
  }

  async #read(channel: ChannelId): Promise<void> {
    while (this.#posting) {
      const page = { fromSeq: 0, limit: 3, downward: true, minSeq: this.#acknowledged.get(channel) ?? 0 };
      await this.#owners.readEvents(channel, ada, page, this.#deadline()).catch((error: unknown) => {
        this.failures.push(`read of ${channel}: ${error}`);
      });
      await sleep(this.clock, thinkMs);
    }
  }

  async #follow(): Promise<void> {
    const send = await this.during(this.#sockets.connect(ada, (frame) => this.#frame(frame)));
    const channels = this.channels.map((channelId) => ({ channelId, position: { seq: 0, id: 0 } }));
    send({ requestId: 1, subscribe: { channels } });
    await this.until(async () => this.#received.size === channelCount || "not all channels are followed");
  }

  #frame(text: string): void {
    const { events, frame } = ServerFrame.fromJSON(JSON.parse(text));
    if (frame?.$case === "error" || frame?.$case === "gap") this.failures.push(`the follower got ${text}`);
    for (const { channelId, event } of events) {
      const { seq = 0 } = event ?? {};
      const last = this.#received.get(channelId) ?? 0;
      if (seq !== last + 1) this.failures.push(`${channelId} was delivered ${seq} after ${last}`);
      this.#received.set(channelId, seq);
    }
  }
}
