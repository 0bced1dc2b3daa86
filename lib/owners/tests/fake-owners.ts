import type { EventPage } from "../../../gen/confab/mesh/v1/log.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import { ConfabError } from "../../errors/errors.js";
import type { ChannelId, Position, UserId } from "../../ids/ids.js";
import type { AnswerTo, EventRange, Owners, Question } from "../owners.js";

type Actions = Parameters<Owners["command"]>[2];
type Options = Parameters<Owners["command"]>[3];

/** Owners in memory that know creation, posts and typing by members, as the contract of `Owners` has it. */
export class FakeOwners implements Owners {
  readonly logs = new Map<ChannelId, Event[]>();
  /** All commands that came in. */
  readonly seen: { channel: ChannelId; author: UserId; actions: Actions; options: Options }[] = [];
  /** All questions that came in. */
  readonly asked: { channel: ChannelId; reader: UserId; question: Question }[] = [];
  /** What questions are answered with, by name; others are refused. */
  readonly answers = new Map<Question["$case"], unknown>([["projected", {}]]);
  /** Thrown by the next calls, one each. */
  readonly failures: Error[] = [];
  #lastId = 0;

  async command(channel: ChannelId, author: UserId, actions: Actions, options: Options) {
    this.seen.push({ channel, author, actions, options });
    const failure = this.failures.shift();
    if (failure) throw failure;
    return actions.map((action) => this.#do(channel, author, action));
  }

  async readEvents(channel: ChannelId, reader: UserId, range: EventRange): Promise<EventPage> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    const log = this.logs.get(channel);
    if (!log) throw new ConfabError("channel_not_found", "channel_id");
    if (log[0]?.author !== reader) throw new ConfabError("not_in_channel", "channel_id");
    const { fromSeq, limit, downward } = range;
    const { seq, id } = log.at(-1)!;
    const events = downward
      ? log.filter((event) => fromSeq === 0 || event.seq < fromSeq).reverse()
      : log.filter((event) => event.seq > fromSeq);
    return { events: events.slice(0, limit), newest: { seq, id } };
  }

  async ask<Name extends Question["$case"]>(
    channel: ChannelId,
    reader: UserId,
    question: Extract<Question, { readonly $case: Name }>,
  ): Promise<AnswerTo<Name>> {
    this.asked.push({ channel, reader, question });
    const failure = this.failures.shift();
    if (failure) throw failure;
    const answer = this.answers.get(question.$case);
    if (answer === undefined) throw new ConfabError("not_in_channel", "channel_id");
    return answer as AnswerTo<Name>;
  }

  #do(channel: ChannelId, author: UserId, action: Actions[number]): Position | ConfabError {
    const log = this.logs.get(channel);
    if (action.$case === "create") {
      if (log) return log[0]?.author === author ? this.#end(log) : new ConfabError("name_taken");
      const created = { $case: "conversationCreated", value: action.value } as const;
      return this.#append(channel, author, created);
    }
    if (!log) return new ConfabError("channel_not_found", "channel_id");
    if (log[0]?.author !== author) return new ConfabError("not_in_channel", "channel_id");
    if (action.$case !== "post") return { seq: 0, id: 0 };
    if (action.value.text === "refuse me") return new ConfabError("client_msg_id_reused", "client_msg_id");
    return this.#append(channel, author, { $case: "messagePosted", value: action.value });
  }

  #append(channel: ChannelId, author: UserId, kind: Event["kind"]): Position {
    const log = this.logs.get(channel) ?? [];
    this.logs.set(channel, log);
    log.push({ seq: log.length + 1, id: ++this.#lastId, author, kind });
    return this.#end(log);
  }

  #end(log: Event[]): Position {
    const { seq, id } = log.at(-1)!;
    return { seq, id };
  }
}
