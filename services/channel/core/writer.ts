import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import { rateLimited } from "../../../lib/rate-limit/refuse.js";
import { TokenBucket } from "../../../lib/rate-limit/token-bucket.js";
import type { BucketEntry } from "../../../lib/store/log-store.js";
import { type Asker, type Outcome, placed, refused, refusedBy } from "./answers.js";
import type { Appender, LogWrite } from "./appender.js";
import { Batch } from "./batch.js";
import { bucketForNext } from "./bucket-choice.js";
import { addSegment, segmentOf } from "./bucket-map.js";
import type { ChannelState } from "./channel-state.js";
import { CommandQueue, type Waiting } from "./command-queue.js";
import { ConfirmedAnswers } from "./confirmed-answers.js";
import { decide } from "./decide.js";
import { KeyLookup } from "./key-lookup.js";
import { changeBy, changesMembership } from "./membership.js";
import type { Projector } from "./projector.js";
import type { RecentEvent } from "./recent.js";
import { SetAside } from "./set-aside.js";
import type { Outside } from "./store-work.js";
import { appendRowsMax } from "./tail.js";
import { Targets } from "./targets.js";
import type { Teller } from "./teller.js";

/** What a writer needs of its channel and its server. */
export interface WriterParts {
  readonly epoch: number;
  /** In this term, posts made up to then may have been forgotten, in ms since the Unix epoch. */
  readonly forgottenUntil: number;
  readonly outside: Outside;
  readonly appender: Appender;
  readonly projector: Projector;
  readonly teller: Teller;
  answer(asker: Asker, outcome: Outcome): void;
  /** Calls once a confirm that began after this has found no fence, and keeps the channel until then. */
  confirm(call: () => void): void;
  publish(events: readonly RecentEvent[], now: number): void;
}

/**
 * Turns a channel's commands into its log: one batch at a time, each decided on the confirmed state before
 * it.
 */
export class Writer {
  readonly #queue = new CommandQueue();
  /** Changes of membership that wait until users were told of earlier ones: posts do not wait for them. */
  readonly #setAside = new SetAside();
  readonly #answers: ConfirmedAnswers;
  readonly #bucket: TokenBucket | undefined;
  #state: ChannelState | undefined;
  #lookup: KeyLookup | undefined;
  #targets: Targets | undefined;
  #frozen = false;

  constructor(private readonly parts: WriterParts) {
    const { channelRate } = parts.outside;
    this.#answers = new ConfirmedAnswers(
      (asker, outcome) => parts.answer(asker, outcome),
      (call) => parts.confirm(call),
    );
    this.#bucket = channelRate && new TokenBucket(channelRate);
  }

  /** How many commands wait for their place. */
  get waiting(): number {
    return this.#queue.length + this.#setAside.length;
  }

  /** A new writer would let no more events through. */
  isRested(now: number): boolean {
    return this.#bucket?.isFull(now) ?? true;
  }

  /** Begins no write until it is thawed; commands wait. */
  freeze(): void {
    this.#frozen = true;
  }

  thaw(now: number): void {
    this.#frozen = false;
    this.pump(now);
  }

  /** From now on commands are carried out. */
  open(state: ChannelState, now: number): void {
    const { epoch, forgottenUntil, outside } = this.parts;
    this.#state = state;
    this.#lookup = new KeyLookup(state, epoch, forgottenUntil, now, outside);
    this.#targets = new Targets(state, outside, (messageId) => this.parts.projector.cellsOf(messageId));
    this.pump(now);
  }

  submit(command: Command, asker: Asker, now: number): void {
    if (!this.#queue.push(command, asker)) return this.parts.answer(asker, refused("overloaded"));
    this.pump(now);
  }

  /** Refuses everything that has no place yet. */
  close(outcome: Outcome): void {
    this.#state = undefined;
    this.#lookup?.close();
    this.#targets?.close();
    this.#answers.close(outcome);
    for (const { asker } of [...this.#queue.drain(), ...this.#setAside.take()])
      this.parts.answer(asker, outcome);
  }

  /** Starts the next write if one is due and none is under way. */
  pump(now: number): void {
    const state = this.#state;
    if (!state || this.#frozen || this.parts.appender.busy || this.parts.projector.isTooFarBehind(state.tail))
      return;
    if (!this.parts.teller.isTooFarBehind) this.#comeBack();
    const batch = this.#nextBatch(state, now);
    if (batch.events.length > 0) this.#write(state, batch, now);
    const waiting = this.#queue.first(appendRowsMax);
    this.#lookup?.start(waiting, now, (later) => this.pump(later));
    this.#targets?.start(waiting, (later) => this.pump(later));
  }

  #nextBatch(state: ChannelState, now: number): Batch {
    const batch = new Batch(state.tail);
    while (!batch.isFull) {
      const next = this.#queue.peek();
      if (next && this.parts.teller.isTooFarBehind && isMembership(next)) {
        this.#queue.shift();
        if (!this.#setAside.push(next)) this.parts.answer(next.asker, refused("overloaded"));
        continue;
      }
      if (!next || this.#lookup?.isNeeded(next, now) || this.#targets?.isNeeded(next.command)) break;
      if (next.command.deadlineUs !== 0 && next.command.deadlineUs < now * 1000) {
        this.parts.answer(next.asker, refused("deadline_exceeded"));
      } else if (!this.#place(next, state, batch, now)) break;
      else if (changesMembership(batch.events[batch.events.length - 1]?.event.kind)) {
        this.#queue.shift();
        break;
      }
      this.#queue.shift();
    }
    return batch;
  }

  #comeBack(): void {
    for (const { command, asker } of this.#setAside.take()) {
      if (!this.#queue.push(command, asker)) this.parts.answer(asker, refused("overloaded"));
    }
  }

  /** Gives a command its place or answer; false if the batch has no room for it. */
  #place({ command, asker }: Waiting, state: ChannelState, batch: Batch, now: number): boolean {
    const decision = decide(command, state, batch, this.#targets!);
    if ("answer" in decision) this.#answers.add(asker, decision.answer);
    else if ("join" in decision) batch.answerLater(asker, decision.join);
    else {
      if (!batch.hasRoomFor(decision.events) || batch.conflictsWith(decision.events)) return false;
      const waitMs = this.#bucket?.take(decision.events.length, now) ?? 0;
      if (waitMs > 0) {
        this.parts.outside.meter?.rateLimited();
        this.parts.answer(asker, refusedBy(rateLimited("channel", waitMs)));
        return true;
      }
      const positions = decision.events.map((event) => batch.add(event, now, asker.trace));
      batch.answerLater(asker, positions[0]!);
    }
    return true;
  }

  #write(state: ChannelState, batch: Batch, now: number): void {
    const { epoch, appender, projector, teller } = this.parts;
    const first = batch.events[0]!.event;
    const { bucket, isNew } = bucketForNext(state, epoch, first.id, batch.events.length);
    const list: BucketEntry | undefined = isNew ? { epoch, bucket, firstSeq: first.seq } : undefined;
    const marks = { epoch, projected: projector.projected(state.tail), told: teller.told(state.tail) };
    const write: LogWrite = {
      list,
      listed: (entry) => addSegment(state.segments, segmentOf(entry)),
      append: batch.toAppend(state.id, bucket, marks, state.messages),
      mustSucceed: false,
      traces: batch.traces,
      confirmed: (later) => this.#confirmed(state, batch, later),
      notWritten: (later) => {
        for (const { asker } of batch.waiting) this.parts.answer(asker, refused("unavailable"));
        this.pump(later);
      },
    };
    appender.start(write, now);
  }

  #confirmed(state: ChannelState, batch: Batch, now: number): void {
    const events = batch.events.map((placedEvent) => state.apply(placedEvent, now));
    const messages = events.filter(({ event }) => event.kind?.$case === "messagePosted");
    if (messages.length > 0) this.parts.outside.meter?.posted(messages.length);
    for (const { event } of events) this.#targets?.apply(event);
    this.parts.projector.add(batch.events);
    this.parts.teller.add(
      events.map(({ event }) => changeBy(event)).filter((change) => change !== undefined),
    );
    for (const { asker, position } of batch.waiting) this.parts.answer(asker, placed(position));
    this.parts.publish(events, now);
    this.pump(now);
  }
}

function isMembership({ command: { action } }: Waiting): boolean {
  return action?.$case === "join" || action?.$case === "leave";
}
