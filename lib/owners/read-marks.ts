import type { ReadMarked } from "../../gen/confab/v1/types.js";
import type { ConversationId, Position } from "../ids/ids.js";
import { type CallerDeadline, command } from "./commands.js";
import type { Owners } from "./owners.js";

/**
 * Moves the caller's mark of a conversation, which is kept by the caller's own channel. Resolves with the
 * mark after that: an older one than the present changes nothing.
 *
 * @throws ConfabError by which an owner refuses
 */
export async function markRead(
  owners: Owners,
  channel: ConversationId,
  seq: number,
  call: CallerDeadline,
): Promise<Position> {
  const { caller, deadlineMs, trace } = call;
  const [place, marks] = await Promise.all([
    owners.ask(channel, caller.userId, { $case: "place", value: { seq } }, deadlineMs, trace),
    readMarks(owners, [channel], call),
  ]);
  const present = marks[0]?.position;
  if (present && present.seq >= seq) return present;
  const value = { channelId: channel, ...place };
  await command(owners, caller.userId, { $case: "mark", value }, call);
  return place.position ?? { seq: 0, id: 0 };
}

/** The caller's marks of these conversations; of all if none is named. */
export async function readMarks(
  owners: Owners,
  channels: readonly ConversationId[],
  { caller: { userId }, deadlineMs, trace }: CallerDeadline,
): Promise<ReadMarked[]> {
  const value = { channelIds: [...channels] };
  return (await owners.ask(userId, userId, { $case: "marks", value }, deadlineMs, trace)).marks;
}
