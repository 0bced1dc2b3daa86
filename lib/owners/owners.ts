import type { AskRequest, AskResponse, EventPage } from "../../gen/confab/mesh/v1/log.js";
import type { Command } from "../../gen/confab/mesh/v1/write.js";
import type { ConfabError } from "../errors/errors.js";
import type { ChannelId, Position, Seq, UserId } from "../ids/ids.js";

/**
 * Which events of a channel to read: upward those above `fromSeq`, downward those below it (0: from the
 * newest).
 */
export interface EventRange {
  readonly fromSeq: Seq;
  readonly limit: number;
  /** Newest first. */
  readonly downward: boolean;
  /** An owner whose newest event is below this refuses. */
  readonly minSeq: Seq;
}

export type Question = NonNullable<AskRequest["question"]>;
type Answer = NonNullable<AskResponse["outcome"]>;
type Answers = { [Each in Answer as Each["$case"]]: Each["value"] };
/** What answers the questions of a name. */
export type AnswerTo<Name extends Question["$case"]> = Answers[Name];

/** How commands are sent. */
export interface CommandOptions {
  /** None of them was sent before. */
  readonly firstAttempt: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly deadlineMs: number;
  /** `traceparent` of what they are sent on behalf of, if that is sampled: one for all, or one for each. */
  readonly trace?: string | readonly (string | undefined)[] | undefined;
}

/** The owners of channels, wherever they are. */
export interface Owners {
  /** Commands of one channel, in order; one outcome each. */
  command(
    channel: ChannelId,
    author: UserId,
    actions: readonly NonNullable<Command["action"]>[],
    options: CommandOptions,
  ): Promise<(Position | ConfabError)[]>;
  /**
   * A page of a channel's log, if the reader may have it; rejects with the owner's `ConfabError`.
   *
   * @param trace `traceparent` of the call on behalf of which it is read, if that is sampled
   */
  readEvents(
    channel: ChannelId,
    reader: UserId,
    range: EventRange,
    deadlineMs: number,
    trace?: string,
  ): Promise<EventPage>;
  /** What a channel amounts to, if the reader may know; rejects with the owner's `ConfabError`. */
  ask<Name extends Question["$case"]>(
    channel: ChannelId,
    reader: UserId,
    question: Extract<Question, { readonly $case: Name }>,
    deadlineMs: number,
    trace?: string,
  ): Promise<AnswerTo<Name>>;
}
