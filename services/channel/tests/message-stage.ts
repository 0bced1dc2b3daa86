import type { AskRequest } from "../../../gen/confab/mesh/v1/log.js";
import type { Command, Result } from "../../../gen/confab/mesh/v1/write.js";
import { ConversationType, type Event, type Message } from "../../../gen/confab/v1/types.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import type { ChannelId, Position } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import type { LogStore } from "../../../lib/store/log-store.js";
import { MemoryStore } from "../../../lib/store/memory/memory-store.js";
import { Owner } from "../core/owner.js";
import type { Answer } from "../core/questions.js";
import type { StoreWork } from "../core/store-work.js";
import { storeWorker } from "../store-worker.js";

export const talk = "C000000000001" as ChannelId;
export const ada = "U00000000000A";
export const bob = "U00000000000B";
export const eve = "U00000000000E";

export type Action = NonNullable<Command["action"]>;
type Outcome = NonNullable<Result["outcome"]>;
type Question = NonNullable<AskRequest["question"]>;
type Release = () => void;

const link = 1;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Owners of a few channels, one after another, over one store; projections can be held back. */
export class MessageStage {
  readonly clock = new ManualClock();
  #owner: Owner | undefined;
  #epoch = 4;
  #number = 0;
  #held: Release[] | undefined;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();

  constructor(
    readonly store: LogStore = new MemoryStore(),
    /** The conversation, which a store that holds others must not have. */
    readonly channel: ChannelId = talk,
  ) {}

  /** Begins with a conversation of the first user. */
  async begin(type = ConversationType.CONVERSATION_TYPE_PUBLIC): Promise<void> {
    this.takeOver();
    const value = { workspaceId: "W000000000001", name: "talk", type };
    await this.give(ada, { $case: "create", value });
  }

  /** The present owner is gone, with all that it had not projected; the next one finds the channels. */
  takeOver(): void {
    this.#owner?.close();
    this.#held = undefined;
    const epoch = ++this.#epoch;
    const incarnation = `life-${epoch}`;
    const owner: Owner = new Owner(incarnation, {
      store: this.#work(incarnation),
      tell: (_user, _notice, done) => queueMicrotask(() => done(true, this.clock.now())),
      later: (ms, call) => void this.clock.after(ms, () => call(this.clock.now())),
      fenced: () => {},
      outranked: () => {},
      flushSoon: () => queueMicrotask(() => owner.flush()),
      results: (_, results) => {
        for (const { number, outcome } of results) this.#waiting.get(number)?.(outcome!);
      },
      down: () => {},
    });
    owner.commandLinkOpened(link);
    for (const channel of [this.channel, ada, bob, eve] as ChannelId[]) {
      const slot = slotOf(channel);
      const record = { slot, memberId: "one", incarnation, address: "one:1", epoch, cleanFrom: epoch };
      owner.slotsChanged(new Map([[slot, record]]), this.clock.now());
    }
    this.#owner = owner;
  }

  /** From now on the present owner's projections wait. */
  holdProjections(): void {
    this.#held = [];
  }

  releaseProjections(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const release of held) release();
  }

  /** Commands of one frame; each one's outcome. */
  giveAll(
    commands: readonly { readonly author: string; readonly action: Action }[],
    { channel = this.channel as string, firstAttempt = true } = {},
  ): Promise<Outcome>[] {
    const common = { channelId: channel, epoch: this.#epoch, firstAttempt, deadlineUs: 0 };
    const full = commands.map((command) => ({ ...common, ...command, number: ++this.#number }));
    const outcomes = full.map(
      ({ number }) => new Promise<Outcome>((resolve) => this.#waiting.set(number, resolve)),
    );
    this.#owner!.commands(link, full, this.clock.now());
    return outcomes;
  }

  /** The place of a command, or the code of its refusal. */
  async give(author: string, action: Action, options = {}): Promise<Position | string> {
    const outcome = await this.giveAll([{ author, action }], options)[0]!;
    return outcome.$case === "position" ? outcome.value : outcome.value.code;
  }

  async post(author: string, text: string, parentId = 0, broadcast = false): Promise<Position> {
    const value = { text, clientMsgId: "", parentId, broadcast };
    const position = await this.give(author, { $case: "post", value });
    if (typeof position === "string") throw new Error(`refused: ${position}`);
    return position;
  }

  ask(reader: string, question: Question, channel: string = this.channel): Promise<Answer> {
    const request = { channelId: channel, epoch: this.#epoch, reader, minSeq: 0, question };
    return new Promise((resolve) => this.#owner!.ask(request, this.clock.now(), resolve));
  }

  /** The newest messages outside threads, newest first. */
  async history(reader = ada): Promise<Message[]> {
    const value = { channelId: "", beforeSeq: 0, limit: 100 };
    const answer = await this.ask(reader, { $case: "history", value });
    if (answer.$case !== "history") throw new Error(JSON.stringify(answer));
    return answer.value.messages;
  }

  /** Events from a `seq` on. */
  events(fromSeq: number, limit: number, reader = ada): Promise<Event[]> {
    const request = {
      channelId: this.channel as string,
      epoch: this.#epoch,
      reader,
      minSeq: 0,
      downward: false,
    };
    return new Promise((resolve, reject) => {
      this.#owner!.read({ ...request, fromSeq: fromSeq - 1, limit }, this.clock.now(), (outcome) => {
        if ("page" in outcome) resolve(outcome.page.events);
        else reject(new Error(outcome.refusal.code));
      });
    });
  }

  /** Everything that happened so far is in the tables beside the logs. */
  async projected(): Promise<void> {
    await this.ask(ada, { $case: "projected", value: { seq: Number.MAX_SAFE_INTEGER } });
  }

  #work(incarnation: string): StoreWork {
    const work = storeWorker(incarnation, this.store, this.clock, silent);
    const epoch = this.#epoch;
    return {
      ...work,
      project: (channel, events, done) => {
        const go = () => work.project(channel, events, done);
        if (this.#held && epoch === this.#epoch) this.#held.push(go);
        else if (epoch === this.#epoch) go();
      },
    };
  }
}
