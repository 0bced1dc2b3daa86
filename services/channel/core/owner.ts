import type { Down, Up } from "../../../gen/confab/mesh/v1/attach.js";
import type { AskRequest, ReadEventsRequest } from "../../../gen/confab/mesh/v1/log.js";
import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { Command, Result } from "../../../gen/confab/mesh/v1/write.js";
import { type ChannelId, parseChannelId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { ActiveChannels } from "./active-channels.js";
import { type Asker, type LinkId, type Outcome, type ReadOutcome, refusal, refused } from "./answers.js";
import { Channel, type ChannelHost } from "./channel.js";
import { ConfirmBarrier } from "./confirm-barrier.js";
import { FanOut } from "./fan-out.js";
import { FrozenSlots } from "./frozen-slots.js";
import { GatewayWishes } from "./gateway-wishes.js";
import { MembershipLists } from "./membership-lists.js";
import { OpenReads } from "./open-reads.js";
import { Parking } from "./parking.js";
import type { Answer } from "./questions.js";
import { QuietChannels } from "./quiet-channels.js";
import { Slots } from "./slots.js";
import type { Outside } from "./store-work.js";

/** What an owner sends, and when. */
export interface OwnerOutside extends Outside {
  /** Asks for `flush` at the end of this turn. */
  flushSoon(): void;
  results(link: LinkId, results: Result[]): void;
  down(link: LinkId, items: Down[]): void;
}

/** One life of a channel server: the channels of the slots that it owns. */
export class Owner {
  readonly #slots: Slots;
  readonly #barrier: ConfirmBarrier;
  readonly #fanOut: FanOut;
  readonly #parking: Parking;
  readonly #wishes: GatewayWishes;
  readonly #quiet: QuietChannels;
  readonly #channels: ActiveChannels;
  /** By slot, when the newest event was made that an evicted channel had. */
  readonly #evictedUpTo = new Map<number, number>();
  readonly #results = new Map<LinkId, Result[]>();
  readonly #reads = new OpenReads<ReadOutcome>();
  readonly #asks = new OpenReads<Answer>();
  readonly #frozen: FrozenSlots;
  readonly #host: ChannelHost;
  #closed = false;

  constructor(
    incarnation: string,
    private readonly outside: OwnerOutside,
  ) {
    this.#slots = new Slots(incarnation);
    this.#barrier = new ConfirmBarrier(outside);
    this.#fanOut = new FanOut(() => outside.flushSoon());
    const later: OwnerOutside["later"] = (ms, call) => outside.later(ms, call);
    this.#frozen = new FrozenSlots({
      later,
      owns: (slot) => this.#slots.owns(slot),
      channels: () => this.#channels.all(),
      thawed: (now) => this.#parking.slotsChanged(now),
    });
    this.#parking = new Parking(this.#slots, (slot) => this.#frozen.has(slot), later);
    this.#wishes = new GatewayWishes(this.#fanOut, this.#barrier, new MembershipLists(outside.store));
    this.#quiet = new QuietChannels(outside, (channel) => this.#repeatNewest(channel));
    this.#channels = new ActiveChannels(
      outside,
      (channel, now) => channel.isIdle(now) && !this.#quiet.has(channel.id),
      (channel) => this.#evict(channel),
    );
    this.#host = {
      answer: (asker, outcome) => this.#answer(asker, outcome),
      publish: (channel, events, now) => {
        this.#fanOut.publish(channel, events);
        this.#quiet.active(channel, now);
      },
      typing: (...hint) => this.#fanOut.typing(...hint),
      writeEnded: (channel, now) => this.#frozen.writeEnded(channel, now),
      isOfNoUse: (channel) => this.#evict(channel),
    };
  }

  get ownedSlots(): number {
    return this.#slots.ownCount;
  }

  get activeChannels(): number {
    return this.#channels.size;
  }

  /** How many commands wait for their place, in all channels. */
  get waitingCommands(): number {
    let count = 0;
    for (const channel of this.#channels.all()) count += channel.waitingCommands;
    return count;
  }

  /** The records of these slots changed. */
  slotsChanged(changes: ReadonlyMap<number, OwnerRecord | undefined>, now: number): void {
    const ended = new Set<number>();
    for (const [slot, record] of changes) if (this.#slots.update(slot, record)) ended.add(slot);
    for (const channel of this.#channels.all()) {
      if (ended.has(slotOf(channel.id))) this.#drop(channel);
    }
    for (const slot of ended) {
      this.#fanOut.detachSlot(slot);
      this.#frozen.ended(slot);
    }
    this.#parking.slotsChanged(now);
  }

  /** Prepares slots for their release: see `FrozenSlots`. */
  freeze(slots: readonly number[], now: number, done: (quiet: number[]) => void): void {
    this.#frozen.freeze(slots, now, done);
  }

  /** Goes on serving slots that are not released. */
  thaw(slots: readonly number[], now: number): void {
    this.#frozen.thaw(slots, now);
  }

  commandLinkOpened(link: LinkId): void {
    this.#results.set(link, []);
  }

  commands(link: LinkId, commands: readonly Command[], now: number): void {
    for (const command of commands) {
      const asker = this.#askerOf(link, command);
      this.#whenOwned(
        command.channelId,
        command.epoch,
        now,
        (channel, at) => channel.submit(command, asker, at),
        (outcome) => this.#answer(asker, outcome),
      );
    }
  }

  commandLinkClosed(link: LinkId): void {
    this.#results.delete(link);
  }

  attachLinkOpened(link: LinkId): void {
    this.#fanOut.opened(link);
  }

  wishes(link: LinkId, wishes: readonly Up[], now: number): void {
    for (const up of wishes) {
      this.#ifOwned(
        up.channelId,
        up.epoch,
        now,
        (id, at) => {
          // Nobody needs the channel only to leave it.
          const leaves = up.wish?.$case === "detach" && !this.#channels.peek(id);
          if (leaves) this.#fanOut.detach(link, id);
          else this.#wishes.grant(link, up, this.#channel(id, at), this.#slots.termOf(id)!, at);
        },
        (outcome) => this.#wishes.refuse(link, up, outcome),
      );
    }
  }

  attachLinkClosed(link: LinkId): void {
    this.#fanOut.closed(link);
  }

  read(request: ReadEventsRequest, now: number, reply: (outcome: ReadOutcome) => void): void {
    this.#whenOwned(
      request.channelId,
      request.epoch,
      now,
      (channel) => channel.read(request, this.#reads.begin(channel.id, reply)),
      (outcome) => reply({ refusal: outcome.$case === "refusal" ? outcome.value : refusal("not_owner") }),
    );
  }

  ask(request: AskRequest, now: number, reply: (answer: Answer) => void): void {
    this.#whenOwned(
      request.channelId,
      request.epoch,
      now,
      (channel) => channel.ask(request, this.#asks.begin(channel.id, reply)),
      (outcome) =>
        reply(outcome.$case === "refusal" ? outcome : { $case: "refusal", value: refusal("not_owner") }),
    );
  }

  /** Sends what has gathered in this turn: one frame to each peer. */
  flush(): void {
    for (const [link, results] of this.#results) {
      if (results.length === 0) continue;
      this.#results.set(link, []);
      this.outside.results(link, results);
    }
    for (const { link, items } of this.#fanOut.takeFrames()) this.outside.down(link, items);
  }

  /**
   * Ends this life: nothing more is written, answered or delivered but refusals. What is attached is so no
   * longer once its stream is hung up, which is for the caller.
   */
  close(): void {
    this.#closed = true;
    this.#barrier.close();
    this.#quiet.close();
    this.#frozen.close();
    this.#parking.close();
    this.#channels.close();
    for (const channel of this.#channels.all()) this.#drop(channel);
    this.flush();
  }

  /**
   * Uses the channel if this server owns it. A sender whose epoch this server has not heard of after the
   * wait means another term: what is refused here from an older one may be granted in that.
   */
  #whenOwned(
    channelId: string,
    epoch: number,
    now: number,
    use: (channel: Channel, now: number) => void,
    refuse: (outcome: Outcome) => void,
  ): void {
    this.#ifOwned(channelId, epoch, now, (id, at) => use(this.#channel(id, at), at), refuse);
  }

  #ifOwned(
    channelId: string,
    epoch: number,
    now: number,
    use: (channel: ChannelId, now: number) => void,
    refuse: (outcome: Outcome) => void,
  ): void {
    const id = parseChannelId(channelId);
    if (!id) return refuse(refused("invalid_id", "channel_id"));
    const proceed = (later: number) => {
      const known = this.#slots.epochOf(id);
      const isOwn = this.#slots.termOf(id) !== undefined && !this.#frozen.has(slotOf(id));
      const owned = !this.#closed && known >= epoch && isOwn;
      if (!owned) return refuse(refused("not_owner", "", known));
      use(id, later);
    };
    this.#parking.park(id, epoch, now, proceed);
  }

  #channel(id: ChannelId, now: number): Channel {
    return this.#channels.use(id, now) ?? this.#activate(id, now);
  }

  #activate(id: ChannelId, now: number): Channel {
    const term = this.#slots.termOf(id)!;
    const forgottenUntil = this.#evictedUpTo.get(slotOf(id)) ?? 0;
    const channel = new Channel(id, term, this.#host, this.outside, this.#barrier, forgottenUntil);
    this.#channels.add(channel, now);
    channel.whenOpen(({ tail }) => tail.seq > 0 && this.#fanOut.repeat(id, tail));
    return channel;
  }

  #drop(channel: Channel): void {
    const epoch = this.#slots.epochOf(channel.id);
    this.#channels.delete(channel.id);
    channel.close(epoch);
    const why = refusal("not_owner", "", epoch);
    this.#reads.refuse(channel.id, { refusal: why });
    this.#asks.refuse(channel.id, { $case: "refusal", value: why });
  }

  /**
   * Takes an idle channel out of memory. What gateways attached stays so: the next use finds the channel anew
   * and tells them how far it is. Of its posts the store knows; that they were made is noted for its slot
   * only, so that the memory of evictions is bounded however many there are.
   */
  #evict(channel: Channel): void {
    const slot = slotOf(channel.id);
    this.#evictedUpTo.set(slot, Math.max(this.#evictedUpTo.get(slot) ?? 0, channel.newestMs));
    this.#channels.delete(channel.id);
    channel.close(this.#slots.epochOf(channel.id));
    this.outside.meter?.evicted(channel.id);
  }

  #repeatNewest(channel: ChannelId): void {
    this.#channels.peek(channel)?.whenOpen(({ tail }) => this.#fanOut.repeat(channel, tail));
  }

  #askerOf(link: LinkId, { number, channelId, traceparent }: Command): Asker {
    const { tracer } = this.outside;
    if (!traceparent || !tracer) return { link, number };
    return { link, number, trace: tracer.arrived(traceparent, channelId) };
  }

  #answer({ link, number, trace }: Asker, outcome: Outcome): void {
    trace?.answered(outcome.$case === "refusal" ? outcome.value.code : "ok");
    const results = this.#results.get(link);
    if (!results) return;
    results.push({ number, outcome });
    this.outside.meter?.answered(outcome.$case === "refusal" ? outcome.value.code : "ok");
    this.outside.flushSoon();
  }
}
