import type { AskRequest, ReadEventsRequest } from "../../../gen/confab/mesh/v1/log.js";
import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { ChannelId, Epoch, Seq } from "../../../lib/ids/ids.js";
import { type Asker, type Outcome, placed, type ReadOutcome, refusal, refused } from "./answers.js";
import { Appender, type LogWrite, type WriteUnderWay } from "./appender.js";
import { keysOf } from "./batch.js";
import { addSegment, segmentFor, segmentOf } from "./bucket-map.js";
import { ChannelState } from "./channel-state.js";
import type { ConfirmBarrier } from "./confirm-barrier.js";
import { Projector } from "./projector.js";
import { type Answer, Questions } from "./questions.js";
import { type PageRead, Reader } from "./reader.js";
import type { RecentEvent } from "./recent.js";
import type { FoundChannel, Outside } from "./store-work.js";
import { Teller } from "./teller.js";
import { TypingLimit } from "./typing-limit.js";
import { Writer } from "./writer.js";

/** Wait before an activation whose reads failed is tried again, in ms. */
const activationRetryMs = 100;

/** One term of owning a slot. */
export interface Term {
  readonly epoch: Epoch;
  /** Since this epoch every change of owner was a release. */
  readonly cleanFrom: Epoch;
}

/** What a channel tells the server that owns it. */
export interface ChannelHost {
  answer(asker: Asker, outcome: Outcome): void;
  publish(channel: ChannelId, events: readonly RecentEvent[], now: number): void;
  typing(channel: ChannelId, afterSeq: number, author: string, parentId: number): void;
  /** A write of the channel has come to its end. */
  writeEnded(channel: Channel, now: number): void;
  /** The channel's log is empty, and nobody waits for anything of it. */
  isOfNoUse(channel: Channel): void;
}

/** A channel at its owner: found in the store on first use, then written and read through here only. */
export class Channel {
  readonly #appender: Appender;
  readonly #projector: Projector;
  readonly #teller: Teller;
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #questions: Questions;
  readonly #typing = new TypingLimit();
  #waiting: ((state: ChannelState) => void)[] = [];
  #state: ChannelState | undefined;
  #closed = false;
  #holds = 0;
  #frozen = false;
  /** What was found while the channel was frozen. */
  #heldBack: ((now: number) => void) | undefined;

  constructor(
    readonly id: ChannelId,
    private readonly term: Term,
    private readonly host: ChannelHost,
    private readonly outside: Outside,
    barrier: ConfirmBarrier,
    forgottenUntil: number,
  ) {
    this.#appender = new Appender(id, outside, barrier, (at) => host.writeEnded(this, at));
    this.#projector = new Projector(outside, (later) => this.#writer.pump(later));
    this.#teller = new Teller(id, outside, this.#projector, (later) => this.#writer.pump(later));
    this.#reader = new Reader(outside, barrier, this.#projector);
    this.#questions = new Questions(outside, barrier, this.#projector, this.#reader);
    this.#writer = new Writer({
      epoch: term.epoch,
      forgottenUntil,
      outside,
      appender: this.#appender,
      projector: this.#projector,
      teller: this.#teller,
      answer: (asker, outcome) => host.answer(asker, outcome),
      confirm: (call) => {
        const release = this.hold();
        barrier.wait(() => {
          call();
          release();
        });
      },
      publish: (events, at) => host.publish(id, events, at),
    });
    this.#find();
  }

  submit(command: Command, asker: Asker, now: number): void {
    if (command.action?.$case === "typing") this.#submitTyping(command, asker, now);
    else this.#writer.submit(command, asker, now);
  }

  read(request: ReadEventsRequest, reply: (outcome: ReadOutcome) => void): void {
    const release = this.hold();
    this.whenOpen((state) =>
      this.#reader.read(state, request, (outcome) => {
        reply(outcome);
        release();
      }),
    );
  }

  ask(request: AskRequest, reply: (answer: Answer) => void): void {
    const release = this.hold();
    this.whenOpen((state) =>
      this.#questions.ask(state, request, (answer) => {
        reply(answer);
        release();
      }),
    );
  }

  /** Events after a `seq` up to another one, as far as a page has room. */
  readAfter(state: ChannelState, after: Seq, to: Seq, done: PageRead): void {
    this.#reader.readPage(state, { from: after + 1, to, downward: false }, done);
  }

  /**
   * Calls with the state once the channel's log is known, in the order of the calls; now, if it is already.
   */
  whenOpen(call: (state: ChannelState) => void): void {
    if (this.#state) call(this.#state);
    else if (!this.#closed) this.#waiting.push(call);
  }

  /** Somebody types, if they may and have not said so just now. */
  type(author: string, parentId: number, now: number): Outcome {
    const state = this.#state;
    if (!state || state.tail.seq === 0) return refused("channel_not_found", "channel_id");
    if (!state.membership.has(author)) return refused("not_in_channel", "channel_id");
    if (this.#typing.allows(author, now)) this.host.typing(this.id, state.tail.seq, author, parentId);
    return placed({ seq: 0, id: 0 });
  }

  /**
   * Keeps the channel in memory until the result is called: for answers that are given later but from its
   * state, which another activation would not keep up to date.
   */
  hold(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds--;
      this.#leaveIfEmpty();
    };
  }

  /**
   * It can be found anew in the store without anybody noticing: nothing waits, is under way, is not projected
   * yet or holds anybody back.
   */
  isIdle(now: number): boolean {
    return this.#isAtRest && this.#writer.isRested(now) && this.#typing.isIdle(now);
  }

  /** When its newest event was made, in ms since the Unix epoch; 0 without any. */
  get newestMs(): number {
    return (this.#state?.tail.id ?? 0) / 1000;
  }

  /** How many commands wait for their place. */
  get waitingCommands(): number {
    return this.#writer.waiting;
  }

  /** What of this channel is on its way to the log. */
  get writeUnderWay(): Readonly<WriteUnderWay> | undefined {
    return this.#appender.underWay;
  }

  /**
   * Begins no write until it is thawed: what is under way comes to its end, commands wait, and so does an
   * activation, as it may have to write. Projections and notices go on: the next owner carries out what the
   * log's marks leave open, to the same values, and a late one of this owner is of an earlier event than any
   * change that it could undo (see `store/projection-store.ts`), as after a fence.
   */
  freeze(): void {
    this.#frozen = true;
    this.#writer.freeze();
  }

  thaw(now: number): void {
    if (!this.#frozen || this.#closed) return;
    this.#frozen = false;
    const heldBack = this.#heldBack;
    this.#heldBack = undefined;
    heldBack?.(now);
    this.#writer.thaw(now);
  }

  /** Ends this owner's part; what has no place yet is refused so that it is tried at the next owner. */
  close(ownerEpoch: Epoch): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#appender.close();
    this.#projector.close();
    this.#teller.close();
    this.#waiting = [];
    this.#writer.close({ $case: "refusal", value: refusal("not_owner", "", ownerEpoch) });
  }

  #submitTyping(command: Command, asker: Asker, now: number): void {
    const { author, action } = command;
    const parentId = action?.$case === "typing" ? action.value.parentId : 0;
    this.whenOpen(() => this.host.answer(asker, this.type(author, parentId, now)));
  }

  #find(): void {
    this.outside.store.find(this.id, (outcome, now) => {
      if (this.#closed) return;
      if ("failure" in outcome) this.outside.later(activationRetryMs, () => !this.#closed && this.#find());
      else if (this.#frozen) this.#heldBack = (later) => this.#found(outcome.value, later);
      else this.#found(outcome.value, now);
    });
  }

  /**
   * The last append of an owner that did not release may not be on all replicas yet: written again, it is.
   */
  #found(found: FoundChannel, now: number): void {
    const last = found.rows[found.rows.length - 1];
    const { epoch, cleanFrom } = this.term;
    if (found.highestEpoch > epoch) return this.outside.outranked(found.highestEpoch);
    const state = new ChannelState(this.id, found, now);
    if (!last || last.epoch >= cleanFrom) return this.#open(state, now);
    this.outside.meter?.proposedAgain();
    const common = { epoch, first: last.first, last: last.seq, projected: state.projectedBefore };
    const rows = found.rows.filter((row) => row.seq >= last.first).map((row) => ({ ...row, ...common }));
    const bucket = segmentFor(state.segments, last.first)?.bucket ?? last.id;
    const write: LogWrite = {
      list: { epoch, bucket, firstSeq: last.first },
      listed: (entry) => addSegment(state.segments, segmentOf(entry)),
      append: { channel: this.id, bucket, rows, keys: keysOf(rows) },
      mustSucceed: true,
      notWritten: () => {},
      confirmed: (later) => this.#open(state, later),
    };
    this.#appender.start(write, now);
  }

  #open(state: ChannelState, now: number): void {
    this.#state = state;
    this.outside.meter?.activated(this.id);
    this.#projector.open(state);
    this.#projector.add(state.unprojected.map((event) => ({ event })));
    this.#teller.add(state.membership.changesAfter(state.toldBefore));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call(state);
    this.#writer.open(state, now);
    this.#leaveIfEmpty();
  }

  #leaveIfEmpty(): void {
    if (this.#state?.tail.seq === 0 && !this.#closed && this.#isAtRest) this.host.isOfNoUse(this);
  }

  get #isAtRest(): boolean {
    const isWriting = this.#appender.busy || this.#writer.waiting > 0;
    return this.#state !== undefined && this.#holds === 0 && !isWriting && this.#projector.isIdle;
  }
}
