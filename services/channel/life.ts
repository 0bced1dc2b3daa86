import type { Down, DownFrame, UpFrame } from "../../gen/confab/mesh/v1/attach.js";
import {
  type AskRequest,
  type AskResponse,
  LogService,
  type ReadEventsRequest,
  type ReadEventsResponse,
} from "../../gen/confab/mesh/v1/log.js";
import type { Heartbeat, HeartbeatAnswer, OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { CommandFrame, Result, ResultFrame } from "../../gen/confab/mesh/v1/write.js";
import type { Clock } from "../../lib/clock/clock.js";
import type { Epoch } from "../../lib/ids/ids.js";
import type { Link, LinkEnd } from "../../lib/links/links.js";
import type { Log } from "../../lib/log/log.js";
import type { Owners } from "../../lib/owners/owners.js";
import type { Rate } from "../../lib/rate-limit/rate.js";
import type { LogStore } from "../../lib/store/log-store.js";
import type { ActiveBounds } from "./core/active-channels.js";
import type { LinkId } from "./core/answers.js";
import { Owner, type OwnerOutside } from "./core/owner.js";
import type { ChannelMeter } from "./meter.js";
import { storeWorker } from "./store-worker.js";
import { tellUser } from "./tell-user.js";
import { ChannelTracer, type ChannelTracing, tracedAnswer } from "./tracer.js";

export interface LifeParts {
  readonly incarnation: string;
  readonly clock: Clock;
  readonly store: LogStore;
  readonly log: Log;
  /** The way to the owners of users' own channels. */
  readonly owners: Pick<Owners, "command">;
  readonly meter?: ChannelMeter | undefined;
  /** Traces what is sampled; nothing is without. */
  readonly tracing?: ChannelTracing | undefined;
  readonly channelRate?: Rate | undefined;
  readonly activeBounds?: ActiveBounds | undefined;
  /** This life has ended: fenced, or (with an epoch) outranked by rows of a higher epoch. Called once. */
  readonly ended: (outrankedBy?: Epoch) => void;
}

/** One incarnation of a channel server: its core, wired to the streams and the store. */
export class Life {
  readonly #owner: Owner;
  readonly #commandLinks = new Map<LinkId, Link<ResultFrame>>();
  readonly #attachLinks = new Map<LinkId, Link<DownFrame>>();
  readonly #beatLinks = new Set<Link<HeartbeatAnswer>>();
  #nextLink: LinkId = 1;
  #flushing = false;
  readonly #tracer: ChannelTracer | undefined;
  #closed = false;

  constructor(private readonly parts: LifeParts) {
    this.#tracer = parts.tracing && new ChannelTracer(parts.tracing);
    this.#owner = new Owner(parts.incarnation, this.#outside());
  }

  get incarnation(): string {
    return this.parts.incarnation;
  }

  get ownedSlots(): number {
    return this.#owner.ownedSlots;
  }

  get activeChannels(): number {
    return this.#owner.activeChannels;
  }

  get waitingCommands(): number {
    return this.#owner.waitingCommands;
  }

  slotsChanged(changes: ReadonlyMap<number, OwnerRecord | undefined>): void {
    if (!this.#closed) this.#owner.slotsChanged(changes, this.parts.clock.now());
  }

  /**
   * Begins nothing new in these slots, so that they can be released; those of them in which nothing is in
   * flight after a short while, none if the life ends. They stay frozen until `slotsChanged` or `thaw`.
   */
  freeze(slots: readonly number[]): Promise<number[]> {
    if (this.#closed) return Promise.resolve([]);
    return new Promise((resolve) => this.#owner.freeze(slots, this.parts.clock.now(), resolve));
  }

  /** Goes on serving slots that are not released. */
  thaw(slots: readonly number[]): void {
    if (!this.#closed) this.#owner.thaw(slots, this.parts.clock.now());
  }

  acceptCommands(link: Link<ResultFrame>): LinkEnd<CommandFrame> {
    const id = this.#nextLink++;
    this.#commandLinks.set(id, link);
    this.#owner.commandLinkOpened(id);
    return {
      received: (frame) => !this.#closed && this.#owner.commands(id, frame.commands, this.parts.clock.now()),
      closed: () => {
        this.#commandLinks.delete(id);
        this.#owner.commandLinkClosed(id);
      },
    };
  }

  acceptAttach(link: Link<DownFrame>): LinkEnd<UpFrame> {
    const id = this.#nextLink++;
    this.#attachLinks.set(id, link);
    this.#owner.attachLinkOpened(id);
    return {
      received: (frame) => !this.#closed && this.#owner.wishes(id, frame.items, this.parts.clock.now()),
      closed: () => {
        this.#attachLinks.delete(id);
        this.#owner.attachLinkClosed(id);
      },
    };
  }

  /** Gives a sign of life for each that is asked for; ends when told that this life is fenced. */
  acceptBeat(link: Link<HeartbeatAnswer>): LinkEnd<Heartbeat> {
    const { incarnation, clock } = this.parts;
    this.#beatLinks.add(link);
    return {
      received: ({ number, fenced }) => {
        if (this.#closed) return;
        if (fenced) return this.#end();
        link.send({ number, incarnation, clockUs: Math.floor(clock.now() * 1000) });
      },
      closed: () => void this.#beatLinks.delete(link),
    };
  }

  read(request: ReadEventsRequest): Promise<ReadEventsResponse> {
    return tracedAnswer(this.parts.tracing, LogService.readEvents.path, request.traceparent, (resolve) => {
      this.#owner.read(request, this.parts.clock.now(), (outcome) => {
        if ("page" in outcome) resolve({ outcome: { $case: "page", value: outcome.page } });
        else resolve({ outcome: { $case: "refusal", value: outcome.refusal } });
      });
    });
  }

  ask(request: AskRequest): Promise<AskResponse> {
    return tracedAnswer(this.parts.tracing, LogService.ask.path, request.traceparent, (resolve) => {
      this.#owner.ask(request, this.parts.clock.now(), (outcome) => resolve({ outcome }));
    });
  }

  /** Refuses what is open and hangs up, so that peers look for the new owner. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#owner.close();
    this.#tracer?.close();
    const links = [...this.#commandLinks.values(), ...this.#attachLinks.values(), ...this.#beatLinks];
    for (const link of links) link.close(reason);
    this.#commandLinks.clear();
    this.#attachLinks.clear();
    this.#beatLinks.clear();
  }

  #end(outrankedBy?: Epoch): void {
    if (this.#closed) return;
    this.close("fenced");
    this.parts.meter?.lifeEnded(outrankedBy === undefined ? "fenced" : "outranked");
    this.parts.ended(outrankedBy);
  }

  #outside(): OwnerOutside {
    const { incarnation, store, clock, log, meter, channelRate, activeBounds, owners } = this.parts;
    return {
      meter,
      tracer: this.#tracer,
      channelRate,
      activeBounds,
      store: storeWorker(incarnation, store, clock, log, meter),
      tell: (user, notice, done) =>
        void tellUser(owners, user, notice, clock.now()).then(
          (stored) => !this.#closed && done(stored, clock.now()),
        ),
      later: (ms, call) => void clock.after(ms, () => !this.#closed && call(clock.now())),
      fenced: () => this.#end(),
      outranked: (epoch) => this.#end(epoch),
      flushSoon: () => this.#flushSoon(),
      results: (link: LinkId, results: Result[]) => this.#commandLinks.get(link)?.send({ results }),
      down: (link: LinkId, items: Down[]) => {
        meter?.fannedOut(items.reduce((count, { item }) => count + (item?.$case === "delivery" ? 1 : 0), 0));
        this.#attachLinks.get(link)?.send({ items });
      },
    };
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.parts.clock.endOfTurn(() => {
      this.#flushing = false;
      if (this.#closed) return;
      this.#owner.flush();
      this.#tracer?.flushed();
    });
  }
}
