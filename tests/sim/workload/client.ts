import { ServerFrame, type Subscribed } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError, isErrorCode } from "../../../lib/errors/errors.js";
import type { ChannelId, UserId } from "../../../lib/ids/ids.js";
import type { Host } from "../mesh/host.js";
import { type Mesh, socketAddress } from "../mesh/mesh.js";
import type { SimNode } from "../node.js";
import type { Random } from "../random.js";
import type { ClientSocket, SocketData } from "../sim-sockets.js";
import { ClientChannel } from "./client-channel.js";
import { SocketPosts } from "./socket-posts.js";
import type { Stage } from "./stage.js";

/** Wait before a client connects again, in ms. */
const reconnectMs = { low: 5, high: 800 };
/** Most clients prefer one gateway, as if it were nearest, so that it has many of one channel. */
const nearestChance = 0.75;
/** What a client does now and then, with the time between two such things in ms. */
const whimMs = { low: 200, high: 3000 };
const whims = { leave: 0.06, stopReading: 0.04, unsubscribe: 0.06, post: 0.12 };
const stopReadingMsMax = 2500;

/**
 * An application: holds one connection, takes up each channel where it was, connects again when that ends.
 */
export class Client {
  readonly channels = new Map<ChannelId, ClientChannel>();
  private readonly node: SimNode;
  protected readonly random: Random;
  private readonly posts: SocketPosts;
  protected socket: ClientSocket | undefined;
  protected connection = "";
  private connections = 0;
  private ended = false;

  constructor(
    protected readonly stage: Stage,
    private readonly mesh: Mesh,
    readonly name: string,
    readonly user: UserId,
  ) {
    this.node = stage.world.start(name);
    this.random = stage.world.random(name);
    this.posts = new SocketPosts(stage, name, user, (frame) => this.send(frame));
  }

  /** Follows a channel from now on, on every connection, or tries to. */
  follow(channel: ChannelId, fromStart: boolean, isMember: boolean): void {
    const begin = fromStart ? { seq: 0, id: 0 } : undefined;
    this.channels.set(channel, new ClientChannel(this.stage, channel, this.user, begin, isMember));
    if (this.socket) this.subscribe();
  }

  /** What became of all that it posted is known. */
  get isIdle(): boolean {
    return this.posts.busy === 0;
  }

  /** Whether it has all that its channels hold, by the newest `seq` of each. */
  hasAll(newest: ReadonlyMap<ChannelId, number>): boolean {
    return [...this.channels.values()].every((channel) => channel.hasAll(newest.get(channel.id) ?? 0));
  }

  connect(): void {
    if (this.ended) return;
    const { coverage } = this.stage.world;
    coverage.hit("client.connected");
    const connection = `${this.name}/${++this.connections}`;
    this.connection = connection;
    this.stage.recorder.note({ type: "connect", conn: connection, user: this.user });
    const socket = this.mesh.sockets.connect(this.node, socketAddress(this.pickGateway()), {
      received: (data) => this.received(connection, data),
      closed: () => this.disconnected(connection),
    });
    this.socket = socket;
    const subprotocols = ["confab.v1.json", `confab.ticket.${this.user}`];
    socket.send(JSON.stringify({ subprotocols, host: "" }));
  }

  /** Ends the connection and makes no other one. */
  end(): void {
    this.ended = true;
    this.leave();
  }

  /** Does this and that until the moment (simulated ms) has come. */
  async live(until: number): Promise<void> {
    const { world } = this.stage;
    for (;;) {
      await sleep(world.clock, this.random.between(whimMs.low, whimMs.high));
      if (world.scheduler.now >= until) return;
      await this.doSomething();
    }
  }

  private async doSomething(): Promise<void> {
    const { random, socket } = this;
    const { coverage, clock } = this.stage.world;
    if (!socket) return;
    if (random.chance(whims.leave)) return this.leave();
    if (random.chance(whims.stopReading)) {
      coverage.hit("client.stopped_reading");
      socket.hold(true);
      await sleep(clock, random.fraction() * stopReadingMsMax);
      return socket.hold(false);
    }
    const channel = this.pickChannel();
    if (channel && random.chance(whims.post)) return this.posts.burst(channel.id);
    if (!channel?.isSubscribed) return;
    if (random.chance(whims.unsubscribe)) {
      this.send({ requestId: channel.request(), unsubscribe: { channelIds: [channel.id] } });
      channel.unsubscribing();
    } else {
      coverage.hit("client.typed");
      this.send({ typing: { channelId: channel.id, parentId: channel.seq } });
    }
  }

  /** Where it does something next. */
  protected pickChannel(): ClientChannel | undefined {
    return this.random.pick([...this.channels.values()]);
  }

  private leave(): void {
    this.socket?.close({ code: 1000, reason: "goes away" });
    this.disconnected(this.connection);
  }

  private pickGateway(): Host {
    const { gateways } = this.mesh;
    return this.random.chance(nearestChance) ? gateways[0]! : this.random.pick(gateways);
  }

  private disconnected(connection: string): void {
    if (connection !== this.connection || !this.socket) return;
    const { recorder, world } = this.stage;
    world.coverage.hit("client.disconnected");
    recorder.note({ type: "disconnect", conn: connection });
    this.socket = undefined;
    for (const channel of this.channels.values()) channel.disconnected();
    this.posts.disconnected();
    const wait = this.random.between(reconnectMs.low, reconnectMs.high);
    this.node.schedule(wait, "connects again", () => this.connect());
  }

  protected send(frame: object): boolean {
    this.socket?.send(JSON.stringify(frame));
    return this.socket !== undefined;
  }

  /** Asks for all channels that are not subscribed. */
  protected subscribe(): void {
    const wanted = [...this.channels.values()].filter((channel) => channel.state === "none");
    if (wanted.length === 0) return;
    const channels = wanted.map((channel) => channel.subscribe(this.connection));
    this.send({ requestId: wanted[0]!.request(), subscribe: { channels } });
  }

  private received(connection: string, data: SocketData): void {
    if (connection !== this.connection || !this.socket) return;
    const { events, frame } = ServerFrame.fromJSON(JSON.parse(String(data)));
    for (const { channelId, event } of events) if (event) this.delivered(channelId, event);
    switch (frame?.$case) {
      case "hello":
        return this.subscribe();
      case "subscribed":
        return this.subscribed(frame.value);
      case "unsubscribed":
        return this.unsubscribed(frame.value.channelId);
      case "gap":
        return this.find(frame.value.channelId)?.gap(connection, frame.value.fromSeq, frame.value.toSeq);
      case "typing":
        return this.find(frame.value.channelId)?.typing(connection, frame.value.parentId);
      case "ack": {
        const { requestId, position } = frame.value;
        return void this.posts.answered(requestId, position ?? new ConfabError("internal"));
      }
      case "error":
        if (frame.value.requestId === 0) return;
        if (this.posts.answered(frame.value.requestId, errorOf(frame.value.problem?.code))) return;
        return this.refused(frame.value.channelId, frame.value.problem?.code ?? "");
      case "ready":
        return this.ready();
    }
  }

  protected delivered(channel: string, event: Event): void {
    this.find(channel)?.deliver(this.connection, event);
  }

  protected subscribed({ channelId, position }: Subscribed): void {
    this.find(channelId)?.subscribed(this.connection, position);
  }

  protected unsubscribed(channel: string): void {
    this.find(channel)?.unsubscribed(this.connection);
    this.subscribeLater();
  }

  protected refused(channel: string, code: string): void {
    this.find(channel)?.refused(this.connection, code);
    this.subscribeLater();
  }

  /** A request to subscribe has been answered. */
  protected ready(): void {}

  private subscribeLater(): void {
    const { connection } = this;
    this.node.schedule(this.random.between(reconnectMs.low, reconnectMs.high), "subscribes again", () => {
      if (connection === this.connection && this.socket) this.subscribe();
    });
  }

  protected find(channel: string): ClientChannel | undefined {
    return this.channels.get(channel as ChannelId);
  }
}

function errorOf(code = ""): ConfabError {
  return new ConfabError(isErrorCode(code) ? code : "internal");
}
