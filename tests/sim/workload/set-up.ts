import { ConversationType } from "../../../gen/confab/v1/types.js";
import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, Position, UserId } from "../../../lib/ids/ids.js";
import type { Owners } from "../../../lib/owners/owners.js";
import type { Population } from "../mesh/users.js";
import type { Stage } from "./stage.js";

type Action = Parameters<Owners["command"]>[2][number];

/** How long one attempt is given, and the wait before the next one, in ms. */
const deadlineMs = 3000;
const retryMs = 100;

/** Creates the channels and makes the members members; resolves when all are. */
export async function setUp(stage: Stage, { channels, members }: Population): Promise<void> {
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

async function insist(stage: Stage, channel: ChannelId, author: UserId, action: Action): Promise<Position> {
  const { clock } = stage.world;
  for (let isFirst = true; ; isFirst = false) {
    const [outcome] = await stage.api
      .ask(deadlineMs, (owners, deadline) =>
        owners.command(channel, author, [action], { firstAttempt: isFirst, deadlineMs: deadline }),
      )
      .catch((error: unknown) => [error]);
    if (!(outcome instanceof Error)) return outcome as Position;
    if (!(outcome instanceof ConfabError)) throw outcome;
    await sleep(clock, retryMs);
  }
}
