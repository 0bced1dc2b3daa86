import { type EventPage, LogService } from "../../gen/confab/mesh/v1/log.js";
import type { Command, CommandFrame, Refusal } from "../../gen/confab/mesh/v1/write.js";
import { type Clock, sleep } from "../clock/clock.js";
import { ConfabError, isErrorCode } from "../errors/errors.js";
import type { ChannelId, Epoch, Position, Seq, UserId } from "../ids/ids.js";
import type { Link, Links } from "../links/links.js";
import type { RingView } from "../ring/ring-view.js";
import { slotOf } from "../ring/slot.js";
import type { Tracing } from "../tracing/tracing.js";
import { CommandRouter } from "./command-router.js";
import type { AnswerTo, CommandOptions, Owners, Question } from "./owners.js";
import { endingWith, sendSpan, tracedCall } from "./send-span.js";

/** Longest wait for one answer to a read before it is asked again, in ms. */
const readTryMsMax = 3000;
/** Wait between two tries of a read, in ms. */
const readRetryMs = 50;

export interface OwnerClientParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly links: Links;
  readonly ring: RingView;
  /** Traces what is sent on behalf of something that is sampled; nothing is without. */
  readonly tracing?: Tracing | undefined;
}

/** Reaches the owners of channels: one stream of commands to each channel server, reads by calls. */
export class OwnerClient implements Owners {
  readonly #router: CommandRouter;
  readonly #links = new Map<string, Link<CommandFrame>>();
  readonly #aborted = new AbortController();
  #flushing = false;

  constructor(private readonly parts: OwnerClientParts) {
    const { clock, random, ring } = parts;
    this.#router = new CommandRouter({
      random,
      ownerOf: (slot) => ring.ownerOf(slot),
      send: (address, commands) => this.#linkTo(address).send({ commands }),
      flushSoon: () => this.#flushSoon(),
      later: (ms, call) => void clock.after(ms, () => !this.#aborted.signal.aborted && call(clock.now())),
    });
    ring.onChange(() => this.#router.ringChanged(clock.now()));
  }

  /** How many commands were sent to owners or wait for one. */
  get pendingCommands(): number {
    return this.#router.pendingCount;
  }

  command(
    channelId: ChannelId,
    author: UserId,
    actions: readonly NonNullable<Command["action"]>[],
    { firstAttempt, deadlineMs, trace }: CommandOptions,
  ): Promise<(Position | ConfabError)[]> {
    const now = this.parts.clock.now();
    const outcomes = actions.map(
      (action, i) =>
        new Promise<Position | ConfabError>((resolve) => {
          const command = { channelId, author, firstAttempt, action };
          const span = trace && sendSpan(this.parts.tracing, channelId, trace, i);
          if (!span) return this.#router.submit(command, deadlineMs, now, resolve);
          const { traceparent } = span;
          this.#router.submit({ ...command, traceparent }, deadlineMs, now, endingWith(span, resolve));
        }),
    );
    return Promise.all(outcomes);
  }

  async readEvents(
    channelId: ChannelId,
    reader: UserId,
    page: { fromSeq: Seq; limit: number; downward: boolean; minSeq: Seq },
    deadlineMs: number,
    trace?: string,
  ): Promise<EventPage> {
    return tracedCall(this.parts.tracing, trace, LogService.readEvents.path, (traceparent) =>
      this.#atOwner(channelId, deadlineMs, async (address, epoch, timeoutMs) => {
        const request = { ...page, channelId, reader, epoch, traceparent };
        const { outcome } = await this.parts.links.call(address, "readEvents", request, timeoutMs);
        if (outcome?.$case === "page") return outcome.value;
        return refusedBy(outcome?.value);
      }),
    );
  }

  async ask<Name extends Question["$case"]>(
    channelId: ChannelId,
    reader: UserId,
    question: Extract<Question, { readonly $case: Name }>,
    deadlineMs: number,
    trace?: string,
  ): Promise<AnswerTo<Name>> {
    return tracedCall(this.parts.tracing, trace, LogService.ask.path, (traceparent) =>
      this.#atOwner(channelId, deadlineMs, async (address, epoch, timeoutMs) => {
        const request = { channelId, reader, epoch, minSeq: 0, question, traceparent };
        const { outcome } = await this.parts.links.call(address, "ask", request, timeoutMs);
        if (outcome?.$case === "refusal") return refusedBy(outcome.value);
        return outcome?.$case === question.$case ? (outcome.value as AnswerTo<Name>) : undefined;
      }),
    );
  }

  /** Fails everything under way. */
  close(): void {
    this.#aborted.abort();
    this.#router.close();
    for (const link of this.#links.values()) link.close("admin closed");
    this.#links.clear();
  }

  /** Tries until there is an answer, or a refusal by the channel's owner. */
  async #atOwner<Answer>(
    channelId: ChannelId,
    deadlineMs: number,
    attempt: (address: string, epoch: Epoch, timeoutMs: number) => Promise<Answer | undefined>,
  ): Promise<Answer> {
    const { clock, ring } = this.parts;
    for (;;) {
      const owner = ring.ownerOf(slotOf(channelId));
      const left = deadlineMs - clock.now();
      if (left <= 0 || this.#aborted.signal.aborted) throw new ConfabError("deadline_exceeded");
      if (owner) {
        const answer = await attempt(owner.address, owner.epoch, Math.min(left, readTryMsMax)).catch(
          unlessNamed,
        );
        if (answer) return answer;
        // A newer owner has become known meanwhile.
        if ((ring.ownerOf(slotOf(channelId))?.epoch ?? 0) > owner.epoch) continue;
      }
      await sleep(clock, readRetryMs * (0.5 + this.parts.random()), this.#aborted.signal);
    }
  }

  #linkTo(address: string): Link<CommandFrame> {
    const open = this.#links.get(address);
    if (open) return open;
    const { clock, links } = this.parts;
    const link = links.open(address, "commands", {
      received: ({ results }) => this.#router.results(results, clock.now()),
      closed: () => {
        if (this.#links.get(address) === link) this.#links.delete(address);
        this.#router.linkClosed(address, clock.now());
      },
    });
    this.#links.set(address, link);
    return link;
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.parts.clock.endOfTurn(() => {
      this.#flushing = false;
      if (!this.#aborted.signal.aborted) this.#router.flush();
    });
  }
}

/** A refusal that another try cannot change, thrown; else undefined. */
function refusedBy(refusal: Refusal | undefined): undefined {
  if (!refusal || refusal.code === "not_owner") return undefined;
  const { code, field, message, retryMs } = refusal;
  throw new ConfabError(isErrorCode(code) ? code : "internal", field, message, retryMs);
}

/** A call that found nobody may be tried again. */
function unlessNamed(error: unknown): undefined {
  if (error instanceof ConfabError) throw error;
  return undefined;
}
