import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import { placed, refused } from "./answers.js";
import type { ChannelState } from "./channel-state.js";
import type { Decision } from "./decision.js";

/** Everybody may join where it is public; members may make others members. Who is one already stays so. */
export function decideJoin({ author }: Command, userIds: readonly string[], state: ChannelState): Decision {
  const { membership } = state;
  const users = [...new Set(userIds)];
  const self = users.length === 1 && users[0] === author;
  if (!membership.has(author) && !(self && state.isPublic)) {
    return { answer: refused("not_in_channel", "channel_id") };
  }
  const fresh = users.filter((user) => !membership.has(user));
  const [first] = users;
  if (first === undefined) return { answer: refused("missing_argument", "user_ids") };
  if (fresh.length === 0) return { answer: placed(membership.joined(first)!) };
  return { events: [{ author, kind: { $case: "membersJoined", value: { userIds: fresh } } }] };
}

/** Everybody may leave; the creator, while a member, may remove others. */
export function decideLeave({ author }: Command, userIds: readonly string[], state: ChannelState): Decision {
  const { membership } = state;
  const users = [...new Set(userIds)];
  const [first] = users;
  if (first === undefined) return { answer: refused("missing_argument", "user_ids") };
  const self = users.length === 1 && first === author;
  if (!self && !membership.has(author)) return { answer: refused("not_in_channel", "channel_id") };
  if (!self && author !== state.creator) return { answer: refused("restricted_action", "user_id") };
  const present = users.filter((user) => membership.has(user));
  if (present.length > 0) {
    return { events: [{ author, kind: { $case: "membersLeft", value: { userIds: present } } }] };
  }
  const left = membership.left(first);
  if (left) return { answer: placed(left) };
  return {
    answer: self ? refused("not_in_channel", "channel_id") : refused("user_not_in_channel", "user_id"),
  };
}
