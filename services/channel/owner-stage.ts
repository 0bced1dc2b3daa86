import assert from "node:assert/strict";
import type { Down, Up } from "../../gen/confab/mesh/v1/attach.js";
import type { ReadEventsRequest } from "../../gen/confab/mesh/v1/log.js";
import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Command, Result } from "../../gen/confab/mesh/v1/write.js";
import { ConversationType, type MembershipChanged } from "../../gen/confab/v1/types.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { ChannelId, Position, UserId } from "../../lib/ids/ids.js";
import type { Rate } from "../../lib/rate-limit/rate.js";
import { slotOf } from "../../lib/ring/slot.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import type { Store } from "../../lib/store/store.js";
import type { ActiveBounds } from "./core/active-channels.js";
import type { ReadOutcome } from "./core/answers.js";
import { Owner } from "./core/owner.js";
import type { StoreWork } from "./core/store-work.js";
import type { OwnerTracer } from "./core/tracer.js";
import { type Held, HeldStore } from "./held-store.js";
import { storeWorker } from "./store-worker.js";

export const general = "C000000000001" as ChannelId;
export const other = "C000000000002" as ChannelId;
export const ada = "U00000000000A";
export const bob = "U00000000000B";
/** The link by which the stage gives commands, and the one by which gateways' wishes come unless told. */
const adminLink = 1;
const gatewayLink = 2;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A notice on its way to a user's own channel; `done` answers it. */
export type Tell = { user: UserId; notice: MembershipChanged; done: (stored: boolean, now: number) => void };

interface StageOptions {
  readonly memory?: Store;
  readonly clock?: ManualClock;
  readonly epoch?: number;
  readonly cleanFrom?: number;
  readonly activeBounds?: ActiveBounds;
  readonly channelRate?: Rate;
  readonly tracer?: OwnerTracer;
}

/** One owner of the two channels over a store of which every operation is held, all in memory. */
export class OwnerStage {
  readonly clock: ManualClock;
  readonly memory: Store;
  readonly store: HeldStore;
  readonly owner: Owner;
  readonly epoch: number;
  readonly incarnation: string;
  /** Why the life ended: fenced, or the epoch that outranked it. */
  readonly ended: (number | "fenced")[] = [];
  readonly results = new Map<number, NonNullable<Result["outcome"]>>();
  /** Notices to users that wait for an answer. */
  readonly tells: Tell[] = [];
  readonly #down: { link: number; down: Down }[] = [];
  #nextNumber = 1;

  constructor({ memory, clock, epoch = 5, cleanFrom = epoch, ...bounds }: StageOptions = {}) {
    this.clock = clock ?? new ManualClock();
    this.memory = memory ?? new MemoryStore();
    this.epoch = epoch;
    this.incarnation = `life-${epoch}`;
    const worker = storeWorker(this.incarnation, this.memory, this.clock, silent);
    this.store = new HeldStore(worker, () => this.clock.now());
    this.owner = new Owner(this.incarnation, {
      activeBounds: { max: 1000, idleMs: Number.MAX_SAFE_INTEGER },
      ...bounds,
      store: this.store,
      tell: (user, notice, done) => this.tells.push({ user, notice, done }),
      later: (ms, call) => void this.clock.after(ms, () => call(this.clock.now())),
      fenced: () => this.ended.push("fenced"),
      outranked: (by) => this.ended.push(by),
      flushSoon: () => this.clock.endOfTurn(() => this.owner.flush()),
      results: (_, results) => {
        for (const { number, outcome } of results) this.#answered(number, outcome);
      },
      down: (link, items) => this.#down.push(...items.map((down) => ({ link, down }))),
    });
    this.owner.commandLinkOpened(adminLink);
    this.owner.attachLinkOpened(gatewayLink);
    for (const channel of [general, other]) this.own(channel, { epoch, cleanFrom });
  }

  /** Makes a slot's record known, this owner's unless told otherwise; undefined for none. */
  own(channel: ChannelId, changes: Partial<OwnerRecord> | undefined): void {
    const { incarnation, epoch } = this;
    const slot = slotOf(channel);
    const usual = { slot, memberId: "one", incarnation, address: "one:1", epoch, cleanFrom: epoch };
    const record = changes && { ...usual, ...changes };
    this.owner.slotsChanged(new Map([[slot, record]]), this.clock.now());
    this.clock.runTurn();
  }

  /** Gives a command; the result is its number. */
  command(action: Command["action"], changes: Partial<Command> = {}): number {
    const number = this.#nextNumber++;
    const usual = {
      epoch: this.epoch,
      author: ada,
      firstAttempt: true,
      deadlineUs: (this.clock.now() + 10_000) * 1000,
    };
    const command = { number, channelId: general, ...usual, action, ...changes };
    this.owner.commands(adminLink, [command], this.clock.now());
    this.clock.runTurn();
    return number;
  }

  /** Posts a message; `id` is its `client_msg_id`. */
  post(text: string, changes: Partial<Command> = {}, id = "", message: { parentId?: number } = {}): number {
    const value = { text, clientMsgId: id, parentId: 0, broadcast: false, ...message };
    return this.command({ $case: "post", value }, changes);
  }

  create(changes: Partial<Command> = {}, type = ConversationType.CONVERSATION_TYPE_PRIVATE): number {
    const value = { workspaceId: "W000000000001", name: "general", type };
    return this.command({ $case: "create", value }, changes);
  }

  join(userIds: string[], changes: Partial<Command> = {}): number {
    return this.command({ $case: "join", value: { userIds } }, changes);
  }

  type(changes: Partial<Command> = {}): number {
    return this.command({ $case: "typing", value: { parentId: 0 } }, changes);
  }

  wish(wish: Up["wish"], changes: Partial<Up> = {}, link = gatewayLink): void {
    const up = { channelId: general, epoch: this.epoch, wish, ...changes };
    this.owner.wishes(link, [up], this.clock.now());
    this.clock.runTurn();
  }

  attach(link = gatewayLink, changes: Partial<Up> = {}): void {
    this.wish({ $case: "attach", value: { position: undefined } }, changes, link);
  }

  /** Reads; the array holds the answer once there is one. */
  read(changes: Partial<ReadEventsRequest> = {}): ReadOutcome[] {
    const answers: ReadOutcome[] = [];
    const usual = { channelId: general, epoch: this.epoch, reader: ada, minSeq: 0, fromSeq: 0 };
    const request = { ...usual, limit: 100, downward: false, ...changes };
    this.owner.read(request, this.clock.now(), (outcome) => answers.push(outcome));
    this.clock.runTurn();
    return answers;
  }

  /** What a command was answered: the `seq` of its place, or the code of a refusal. */
  answer(number: number): number | string | undefined {
    const outcome = this.results.get(number);
    return outcome?.$case === "position" ? outcome.value.seq : outcome?.value.code;
  }

  position(number: number): Position {
    const outcome = this.results.get(number);
    assert.equal(outcome?.$case, "position");
    return outcome.value;
  }

  /** What a gateway was sent. */
  down(link = gatewayLink): Down[] {
    return this.#down.filter((one) => one.link === link).map(({ down }) => down);
  }

  /** Which operations wait in the store, by name. */
  get waiting(): string {
    return this.store.held.map(({ name }) => name).join(" ");
  }

  /** The operation of this name that has waited longest. */
  held(name: keyof StoreWork, channel?: ChannelId): Held {
    const found = this.store.held.find(
      (one) => one.name === name && (channel === undefined || one.channel === channel),
    );
    assert.ok(found, `no ${name} waits, only: ${this.waiting}`);
    return found;
  }

  /** Lets operations take place, in this order. */
  async release(...names: (keyof StoreWork)[]): Promise<void> {
    for (const name of names) await this.held(name).release();
    this.clock.runTurn();
  }

  async fail(name: keyof StoreWork, ...how: Parameters<Held["fail"]>): Promise<void> {
    await this.held(name).fail(...how);
    this.clock.runTurn();
  }

  /** Lets everything take place until nothing waits. */
  async settle(): Promise<void> {
    for (let held = this.store.held[0]; held; held = this.store.held[0]) {
      await held.release();
      this.clock.runTurn();
    }
  }

  /** Has the channel created by Ada, with Bob as a member. */
  async found(channel = general): Promise<void> {
    this.create({ channelId: channel });
    await this.settle();
    this.join([bob], { channelId: channel });
    await this.settle();
  }

  #answered(number: number, outcome: Result["outcome"]): void {
    assert.ok(outcome, `an empty result of ${number}`);
    assert.ok(!this.results.has(number), `${number} was answered twice`);
    this.results.set(number, outcome);
  }
}
