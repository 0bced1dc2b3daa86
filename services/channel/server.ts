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
import { Life } from "./life.js";
import { type ChannelMeter, channelMeter } from "./meter.js";

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
  #registration: Registration | undefined;
  #isMember = false;
  /** What it last registered or tried to; undefined before that. */
  #lastEntry: string | undefined;
  readonly #abort = new AbortController();

  constructor(private readonly parts: ChannelServerParts) {
    this.#ring = new RingView(parts.coordinator);
    this.#owners = new OwnerClient({ ...parts, ring: this.#ring });
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

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#abort.abort();
    this.#setMember(false);
    this.#ring.close();
    this.#life?.close("server closed");
    this.#owners.close();
    await this.#registration?.close();
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
    const { clock, random, store, log, memberId, coordinator, channelRate, activeBounds } = this.parts;
    const incarnation = `${memberId}/${makeId("B", random).slice(1)}`;
    const bounds = { channelRate, activeBounds };
    const common = { clock, store, log, meter: this.#meter, owners: this.#owners, ...bounds };
    const life = new Life({ ...common, incarnation, ended: (epoch) => this.#lifeEnded(epoch) });
    this.#life = life;
    life.slotsChanged(this.#records(Array.from({ length: slotCount }, (_, slot) => slot)));
    const address = this.parts.advertisedAddress ?? this.address;
    const entry = memberEntry({ memberId, incarnation, address, weight: 1 });
    const onLost = () => {
      if (this.#registration !== registration) return;
      life.close("membership lost");
      this.#meter?.lifeEnded("membership_lost");
      this.#lifeEnded();
    };
    // A process that starts takes the place of a former one. One that joins again takes nobody's: two of one
    // name would depose each other for ever.
    const former = this.#lastEntry;
    const mayReplace = (value: string) => former === undefined || value === former;
    const registration = new Registration({ clock, coordinator, entry, mayReplace, onLost });
    this.#registration = registration;
    try {
      await store.enlist({ incarnation, generation: await readGeneration(coordinator, random) });
      await registration.start();
    } catch (error) {
      // Without an answer it may be registered all the same, now or later.
      if (!(error instanceof Occupied)) this.#lastEntry = entry.value;
      // A life that ended meanwhile has a successor already.
      if (this.#registration !== registration) return;
      life.close("not registered");
      this.#life = undefined;
      this.#registration = undefined;
      throw error;
    }
    this.#lastEntry = entry.value;
    this.#setMember(this.#registration === registration);
    log.info({ incarnation }, "a channel server began a life");
  }

  #lifeEnded(outrankedBy?: Epoch): void {
    this.#setMember(false);
    if (this.#closed) return;
    this.parts.log.warn(
      { outrankedBy },
      "a channel server's life ended; it joins again under a new incarnation",
    );
    const registration = this.#registration;
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
