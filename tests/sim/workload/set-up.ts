import { ConversationType } from "../../../gen/confab/v1/types.js";
import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, Position, UserId } from "../../../lib/ids/ids.js";
import { done } from "../../../lib/owners/commands.js";
import type { Owners } from "../../../lib/owners/owners.js";
import type { Population } from "../mesh/users.js";
import type { Stage } from "./stage.js";

type Action = Parameters<Owners["command"]>[2][number];

/** How long one attempt is given, and the wait before the next one, in ms. */
const deadlineMs = 3000;
const retryMs = 100;
/** Refusals that no later attempt will change. */
const certain = new Set(["client_msg_id_reused", "message_not_found", "not_in_channel"]);

/** Creates the channels and makes the members members; resolves when all are. */
export async function setUp(
  stage: Stage,
  { channels, members }: Pick<Population, "channels" | "members">,
): Promise<void> {
  await Promise.all(channels.map((channel, i) => createChannel(stage, channel, members, i)));
}

async function createChannel(
  stage: Stage,
  channel: ChannelId,
  members: readonly UserId[],
  number: number,
): Promise<void> {
  const type = ConversationType.CONVERSATION_TYPE_PUBLIC;
  const created = { workspaceId: "", name: `channel-${number}`, type };
  await insist(stage, channel, members[0]!, { $case: "create", value: created });
  await join(stage, channel, members[0]!, members);
}

/** Makes users members of a channel; resolves with the place when they are. */
export async function join(
  stage: Stage,
  channel: ChannelId,
  member: UserId,
  userIds: readonly UserId[],
): Promise<Position> {
  return insist(stage, channel, member, { $case: "join", value: { userIds: [...userIds] } });
}

/** Ends a user's membership; resolves when it has ended. */
export async function remove(
  stage: Stage,
  channel: ChannelId,
  creator: UserId,
  userId: UserId,
): Promise<void> {
  await insist(stage, channel, creator, { $case: "leave", value: { userIds: [userId] } });
}

/**
 * Has a command carried out; resolves with its place.
 *
 * @param isNew it was never sent before; only then its first try may be marked as such
 */
export async function insist(
  stage: Stage,
  channel: ChannelId,
  author: UserId,
  action: Action,
  isNew = true,
): Promise<Position> {
  return patiently(stage, async (owners, deadline, isFirst) => {
    const options = { firstAttempt: isNew && isFirst, deadlineMs: deadline };
    const [outcome] = await owners.command(channel, author, [action], options);
    return done(outcome);
  });
}

/** Does something again and again until there is an answer, unless trying again cannot help. */
export async function patiently<Answer>(
  stage: Stage,
  act: (owners: Owners, deadline: number, isFirst: boolean) => Promise<Answer>,
): Promise<Answer> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await stage.api.ask(deadlineMs, (owners, deadline) => act(owners, deadline, isFirst));
    } catch (error) {
      if (!(error instanceof ConfabError) || certain.has(error.code)) throw error;
    }
    await sleep(stage.world.clock, retryMs);
  }
}
