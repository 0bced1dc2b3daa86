import type { EventPage } from "../../gen/confab/mesh/v1/log.js";
import { ConfabError } from "../errors/errors.js";
import { type ChannelId, type Position, parseConversationId, type UserId } from "../ids/ids.js";
import { toType } from "../store/conversation-type.js";
import type { ConversationRow, DirectoryStore } from "../store/directory-store.js";
import type { AnswerTo, CommandOptions, EventRange, Owners, Question } from "./owners.js";

/**
 * Reaches owners, and finishes conversations that were begun only: creating one writes its row to the
 * directory, then its first event to its log. Whoever made the row may have died in between. So where an
 * owner knows nothing of a conversation that has a row, its creation is done first, in the creator's name,
 * and the request once more.
 */
export class RepairingOwners implements Owners {
  constructor(
    private readonly owners: Owners,
    private readonly directory: Pick<DirectoryStore, "findConversation">,
  ) {}

  async command(
    channel: ChannelId,
    author: UserId,
    actions: Parameters<Owners["command"]>[2],
    options: Parameters<Owners["command"]>[3],
  ): Promise<(Position | ConfabError)[]> {
    const outcomes = await this.owners.command(channel, author, actions, options);
    // Only when all were refused can all be done again in their order.
    if (!outcomes.every(isMissing) || !(await this.#finish(channel, options.deadlineMs, options.trace)))
      return outcomes;
    return this.owners.command(channel, author, actions, options);
  }

  async readEvents(
    channel: ChannelId,
    reader: UserId,
    range: EventRange,
    deadlineMs: number,
    trace?: string,
  ): Promise<EventPage> {
    try {
      return await this.owners.readEvents(channel, reader, range, deadlineMs, trace);
    } catch (error) {
      if (!isMissing(error) || !(await this.#finish(channel, deadlineMs, trace))) throw error;
      return this.owners.readEvents(channel, reader, range, deadlineMs, trace);
    }
  }

  ask<Name extends Question["$case"]>(
    channel: ChannelId,
    reader: UserId,
    question: Extract<Question, { readonly $case: Name }>,
    deadlineMs: number,
    trace?: string,
  ): Promise<AnswerTo<Name>> {
    return this.owners.ask(channel, reader, question, deadlineMs, trace).catch(async (error) => {
      if (!isMissing(error) || !(await this.#finish(channel, deadlineMs, trace))) throw error;
      return this.owners.ask(channel, reader, question, deadlineMs, trace);
    });
  }

  async #finish(channel: ChannelId, deadlineMs: number, trace: CommandOptions["trace"]): Promise<boolean> {
    const id = parseConversationId(channel);
    const row = id && (await this.directory.findConversation(id));
    if (!row) return false;
    await beginLog(this.owners, row, deadlineMs, trace);
    return true;
  }
}

/** Whether an owner knows nothing of a channel. */
export function isMissing(outcome: unknown): boolean {
  return outcome instanceof ConfabError && outcome.code === "channel_not_found";
}

/**
 * Gives a conversation its first event, with its creator as first member; does nothing if it has one.
 *
 * @throws ConfabError when its owner cannot be reached in time.
 */
export async function beginLog(
  owners: Owners,
  row: ConversationRow,
  deadlineMs: number,
  trace?: CommandOptions["trace"],
): Promise<void> {
  const { workspaceId, name } = row;
  const value = { workspaceId, name, type: toType(row.type) };
  const options = { firstAttempt: false, deadlineMs, trace };
  const [outcome] = await owners.command(row.id, row.creator, [{ $case: "create", value }], options);
  // The id is the row's alone, so what is there was begun for this row too.
  if (outcome instanceof ConfabError && outcome.code !== "name_taken") throw outcome;
}
