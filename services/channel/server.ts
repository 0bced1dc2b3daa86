import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import { type Clock, sleep } from "../../lib/clock/clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { Occupied, Registration } from "../../lib/coordination/registration.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Epoch } from "../../lib/ids/ids.js";
import { makeId } from "../../lib/ids/ids.js";
import type { Links, Listener, Service } from "../../lib/links/links.js";
import type { Log } from "../../lib/log/log.js";
import type { Metrics } from "../../lib/metrics/metrics.js";
import { OwnerClient } from "../../lib/owners/owner-client.js";
import type { Rate } from "../../lib/rate-limit/rate.js";
import { raiseEpoch } from "../../lib/ring/epoch.js";
import { readGeneration } from "../../lib/ring/generation.js";
import { memberEntry } from "../../lib/ring/records.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { slotCount } from "../../lib/ring/slot.js";
import type { LogStore } from "../../lib/store/log-store.js";
import type { ActiveBounds } from "./core/active-channels.js";
import { refusal } from "./core/answers.js";
import { depart } from "./departure.js";
import { Life } from "./life.js";
import { type ChannelMeter, channelMeter } from "./meter.js";
import { Releaser } from "./releaser.js";
import type { ChannelTracing } from "./tracer.js";

/** Shortest and longest wait before a server that could not join the mesh again tries once more, in ms. */
const rejoinMs = { min: 500, max: 10_000 };

export interface ChannelServerParts {
  /** Name of the server; stays the same over restarts. */
  readonly memberId: string;
  /** Where to listen, `host:port`. */
  readonly address: string;
  /** Where peers reach it, if that is not where it listens. */
  readonly advertisedAddress?: string | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly store: LogStore;
  readonly links: Links;
  readonly coordinator: Coordinator;
  readonly log: Log;
  /** Bounds the new events of each channel; nothing does without. */
  readonly channelRate?: Rate;
  /** Bounds the channels in memory; the usual bounds if there are none. */
  readonly activeBounds?: ActiveBounds;
  readonly metrics?: Metrics;
  /** Traces what is sampled; nothing is without. */
  readonly tracing?: ChannelTracing | undefined;
  /** Told of what happens, instead of the metrics. */
  readonly meter?: ChannelMeter;
}

/**
 * A channel server: owns channels for as long as it is a member of the ring, under one incarnation after
 * another.
 */
export class ChannelServer {
  readonly #ring: RingView;
  readonly #owners: OwnerClient;
  readonly #meter: ChannelMeter | undefined;
  #listener: Listener | undefined;
  #life: Life | undefined;
  #releaser: Releaser | undefined;
  #leaving = false;
  #registration: Registration | undefined;
  #isMember = false;
  /** The incarnation that it last registered or tried to; undefined before that. */
  #lastRegistered: string | undefined;
  readonly #abort = new AbortController();

  constructor(private readonly parts: ChannelServerParts) {
    this.#ring = new RingView(parts.coordinator);
    this.#owners = new OwnerClient({ ...parts, ring: this.#ring, tracing: parts.tracing?.tracing });
    this.#meter = parts.meter ?? (parts.metrics && channelMeter(parts.metrics, this));
  }

  /** Where it listens, as bound. */
  get address(): string {
    return this.#listener?.address ?? this.parts.address;
  }

  /** Whether it is a member of the ring now, as far as it knows. */
  get isMember(): boolean {
    return this.#isMember;
  }

  /** How many slots it owns now. */
  get ownedSlots(): number {
    return this.#life?.ownedSlots ?? 0;
  }

  /** How many channels it has in memory. */
  get activeChannels(): number {
    return this.#life?.activeChannels ?? 0;
  }

  /** How many commands wait for their place in a log. */
  get waitingCommands(): number {
    return this.#life?.waitingCommands ?? 0;
  }

  async start(): Promise<void> {
    await this.#ring.readyInTime(this.parts.clock);
    this.#checkOpen();
    const listener = await this.parts.links.listen(this.parts.address, this.#service());
    if (this.#closed) await listener.close();
    this.#checkOpen();
    this.#listener = listener;
    this.#setMember(false);
    this.#ring.onChange((slots) => this.#life?.slotsChanged(this.#records(slots)));
    await this.#beginLife();
  }

  /**
   * Tells the others that this server ends, and serves on while its slots move to them: resolves when it owns
   * none any more, nobody is there to take them, it has taken too long, or the signal aborts. `close` does
   * the rest.
   */
  async leave(hurry: AbortSignal = this.#abort.signal): Promise<void> {
    if (this.#closed || this.#leaving || !this.#listener) return;
    this.#leaving = true;
    const { clock, coordinator, memberId } = this.parts;
    await depart({
      ...{ clock, coordinator, memberId, ring: this.#ring },
      ownedSlots: () => this.ownedSlots,
      say: () => this.#sayLeaving(),
      hurry: AbortSignal.any([hurry, this.#abort.signal]),
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const incarnation = this.#life?.incarnation ?? "";
    const isGone = this.#leaving && incarnation !== "" && this.ownedSlots === 0;
    this.#abort.abort();
    this.#setMember(false);
    this.#releaser?.close();
    this.#ring.close();
    this.#life?.close("server closed");
    this.#owners.close();
    await this.#registration?.close();
    if (isGone) await this.parts.store.delist(incarnation).catch(() => {});
    await this.#listener?.close();
  }

  #setMember(isMember: boolean): void {
    this.#isMember = isMember;
    this.#listener?.setServing?.(isMember);
  }

  get #closed(): boolean {
    return this.#abort.signal.aborted;
  }

  #checkOpen(): void {
    if (this.#closed) throw new ConfabError("unavailable", "", "the channel server was closed");
  }

  #service(): Service {
    return {
      accept_commands: (link) => this.#life?.acceptCommands(link) ?? hangUp(link),
      accept_beat: (link) => this.#life?.acceptBeat(link) ?? hangUp(link),
      accept_attach: (link) => this.#life?.acceptAttach(link) ?? hangUp(link),
      answer_ask: async (request) =>
        this.#life?.ask(request) ?? { outcome: { $case: "refusal", value: refusal("not_owner") } },
      answer_readEvents: async (request) =>
        this.#life?.read(request) ?? { outcome: { $case: "refusal", value: refusal("not_owner") } },
    };
  }

  async #beginLife(): Promise<void> {
    const { clock, random, store, log, memberId, coordinator, tracing } = this.parts;
    const { channelRate, activeBounds } = this.parts;
    const incarnation = `${memberId}/${makeId("B", random).slice(1)}`;
    const bounds = { channelRate, activeBounds };
    const common = { clock, store, log, tracing, meter: this.#meter, owners: this.#owners, ...bounds };
    const life = new Life({ ...common, incarnation, ended: (epoch) => this.#lifeEnded(epoch) });
    this.#life = life;
    life.slotsChanged(this.#records(Array.from({ length: slotCount }, (_, slot) => slot)));
    const entry = this.#entryOf(incarnation);
    const onLost = () => {
      if (this.#registration !== registration) return;
      this.#releaser?.close();
      life.close("membership lost");
      this.#meter?.lifeEnded("membership_lost");
      this.#lifeEnded();
    };
    // A process that starts takes the place of a former one. One that joins again takes nobody's: two of one
    // name would depose each other for ever.
    const former = this.#lastRegistered;
    const mayReplace = (value: string) =>
      former === undefined || [true, false].some((is) => this.#entryOf(former, is).value === value);
    const registration = new Registration({ clock, coordinator, entry, mayReplace, onLost });
    this.#registration = registration;
    try {
      await store.enlist({ incarnation, generation: await readGeneration(coordinator, random) });
      await registration.start();
    } catch (error) {
      // Without an answer it may be registered all the same, now or later.
      if (!(error instanceof Occupied)) this.#lastRegistered = incarnation;
      // A life that ended meanwhile has a successor already.
      if (this.#registration !== registration) return;
      life.close("not registered");
      this.#life = undefined;
      this.#registration = undefined;
      throw error;
    }
    this.#lastRegistered = incarnation;
    this.#setMember(this.#registration === registration);
    if (this.#life !== life) return;
    this.#releaser = new Releaser({ ...common, random, coordinator, incarnation, life, ring: this.#ring });
    log.info({ incarnation }, "a channel server began a life");
  }

  #entryOf(incarnation: string, leaving = this.#leaving): { key: string; value: string } {
    const { memberId, advertisedAddress: address = this.address } = this.parts;
    return memberEntry({ memberId, incarnation, address, weight: 1, leaving });
  }

  async #sayLeaving(): Promise<void> {
    const [life, registration] = [this.#life, this.#registration];
    if (!life || !registration) throw new ConfabError("unavailable", "", "between two lives");
    await registration.update(this.#entryOf(life.incarnation).value);
  }

  #lifeEnded(outrankedBy?: Epoch): void {
    this.#setMember(false);
    if (this.#closed) return;
    this.parts.log.warn(
      { outrankedBy },
      "a channel server's life ended; it joins again under a new incarnation",
    );
    const registration = this.#registration;
    this.#releaser?.close();
    this.#life = undefined;
    this.#registration = undefined;
    void this.#rejoin(registration, outrankedBy);
  }

  async #rejoin(last: Registration | undefined, outrankedBy?: Epoch): Promise<void> {
    const { clock, coordinator, log, random } = this.parts;
    await last?.close();
    for (let failures = 0; !this.#closed; failures++) {
      try {
        if (outrankedBy !== undefined) await raiseEpoch(coordinator, outrankedBy);
        if (!this.#closed) await this.#beginLife();
        return;
      } catch (error) {
        if (this.#closed) return;
        const waitMs = Math.min(rejoinMs.max, rejoinMs.min * 2 ** failures) * (0.5 + random() / 2);
        log.warn({ err: error, waitMs }, "a channel server could not join again yet");
        await sleep(clock, waitMs, this.#abort.signal);
      }
    }
  }

  #records(slots: readonly number[]): Map<number, OwnerRecord | undefined> {
    return new Map(slots.map((slot) => [slot, this.#ring.ownerOf(slot)]));
  }
}

/** Between two lives nothing is served: the peer tries again. */
function hangUp(link: { close(reason: string): void }) {
  link.close("not a member now");
  return { received: () => {}, closed: () => {} };
}
