import type { Subscribed } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { Mesh } from "../mesh/mesh.js";
import { Client } from "./client.js";
import { ClientChannel } from "./client-channel.js";
import type { Stage } from "./stage.js";

/**
 * A client that follows all conversations of its user. From its first `ready` on it has a claim to every
 * event of a conversation from the user's joining on, whether it is connected then or not.
 */
export class AllClient extends Client {
  /** When the first `ready` came, in simulated ms. */
  private readyAt: number | undefined;
  /** Told when the next connection begins. */
  private connecting: (() => void)[] = [];
  /** Behind which `seq` of a channel it has everything. */
  private readonly began = new Map<ChannelId, Seq>();
  /** Joinings to which it has a claim, by their `seq`. */
  private readonly claims = new Map<ChannelId, Seq>();
  /** Channels that the present connection named. */
  private named = new Set<string>();

  /** @param memberships what its user is a member of, as far as the inviter knows, by the joining's `seq` */
  constructor(
    stage: Stage,
    mesh: Mesh,
    name: string,
    user: UserId,
    private readonly memberships: ReadonlyMap<ChannelId, Seq>,
  ) {
    super(stage, mesh, name, user);
  }

  override connect(): void {
    super.connect();
    for (const call of this.connecting.splice(0)) call();
  }

  /** Resolves when the client connects the next time. */
  connects(): Promise<void> {
    return new Promise((resolve) => this.connecting.push(resolve));
  }

  override hasAll(newest: ReadonlyMap<ChannelId, number>): boolean {
    return [...this.memberships.keys()].every((id) => this.channels.get(id)?.hasAll(newest.get(id) ?? 0));
  }

  /** The user joined a channel by this event; its invitation began at that moment (simulated ms). */
  joined(channel: ChannelId, seq: Seq, begunAt: number): void {
    if (this.readyAt === undefined || this.readyAt > begunAt) return;
    this.claims.set(channel, seq);
    this.check(channel);
  }

  /** The user's membership is about to end. */
  leaving(channel: ChannelId): void {
    this.claims.delete(channel);
  }

  protected override pickChannel(): undefined {
    return undefined;
  }

  /** The own channel is named only once everything was ready, as the protocol says. */
  protected override subscribe(): void {
    const known = [...this.channels.values()].filter(
      ({ id }) => id !== this.user || this.readyAt !== undefined,
    );
    this.named = new Set(known.map(({ id }) => id));
    const channels = known.map((channel) => channel.subscribe(this.connection));
    this.send({ requestId: 1, subscribe: { all: true, channels } });
  }

  protected override ready(): void {
    this.stage.world.coverage.hit("all.ready");
    this.readyAt ??= this.stage.world.scheduler.now;
  }

  protected override find(channel: string): ClientChannel {
    return this.channels.get(channel as ChannelId) ?? this.add(channel as ChannelId, undefined);
  }

  protected override delivered(channel: string, event: Event): void {
    super.delivered(channel, event);
    if (event.kind?.$case === "membershipChanged") this.stage.world.coverage.hit("all.notice");
  }

  protected override subscribed(frame: Subscribed): void {
    const { channelId, position, requestId } = frame;
    const id = channelId as ChannelId;
    const begin = position?.seq ?? 0;
    const known = this.channels.get(id);
    if (!known || begin > known.seq || !this.began.has(id)) {
      this.add(id, position);
      this.began.set(id, begin);
      if (requestId === 0) this.stage.world.coverage.hit("all.joined_connected");
      else if (this.readyAt !== undefined) this.stage.world.coverage.hit("all.joined_away");
    }
    this.find(channelId).begin();
    super.subscribed(frame);
    this.check(id);
  }

  /** The server tells again of a channel that it follows once the user is a member again. */
  protected override unsubscribed(channel: string): void {
    this.find(channel).unsubscribed(this.connection);
  }

  /** Only a former member is refused, and only if the client named the channel. */
  protected override refused(channel: string, code: string): void {
    const isNamed = this.named.has(channel);
    if (isNamed && code === "not_in_channel") return this.find(channel).expelled(this.connection);
    this.stage.recorder.complain("G3", channel, `${this.name} of ${this.user} was refused: ${code}`);
  }

  private add(id: ChannelId, position: Subscribed["position"]): ClientChannel {
    const channel = new ClientChannel(this.stage, id, this.user, position, true);
    this.channels.set(id, channel);
    return channel;
  }

  private check(channel: ChannelId): void {
    const [claim, began] = [this.claims.get(channel), this.began.get(channel)];
    if (claim === undefined || began === undefined || began < claim) return;
    const what = `${this.name} began behind seq ${began}, though its user joined with seq ${claim}`;
    this.stage.recorder.complain("G3", channel, what);
  }
}
