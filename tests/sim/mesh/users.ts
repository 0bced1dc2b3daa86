import type { Caller } from "../../../lib/auth/caller.js";
import { type ChannelId, makeId, type UserId, type WorkspaceId } from "../../../lib/ids/ids.js";
import type { Random } from "../random.js";

const workspaceId = "W000000000001" as WorkspaceId;
const channelCount = 6;
const memberCount = 7;
const latecomerCount = 2;
const guestCount = 2;

/** Who takes part in a run, and where they talk. */
export interface Population {
  /** Members of all channels from the beginning; the first created them. */
  readonly members: readonly UserId[];
  /** They join all channels in the course of the run. */
  readonly latecomers: readonly UserId[];
  /** They are invited to one channel after another, and removed from some again; their clients follow all. */
  readonly guests: readonly UserId[];
  /** A member of nothing. */
  readonly outsider: UserId;
  /** The first one is the busiest. */
  readonly channels: readonly ChannelId[];
}

export function makePopulation(random: Random): Population {
  const user = () => makeId("U", random.fraction) as UserId;
  const users = (count: number) => Array.from({ length: count }, user);
  return {
    members: users(memberCount),
    latecomers: users(latecomerCount),
    guests: users(guestCount),
    outsider: user(),
    channels: Array.from({ length: channelCount }, () => makeId("C", random.fraction) as ChannelId),
  };
}

/** Whom a ticket stands for: in a simulation it is the user's id itself. */
export function userOf(ticket: string): Caller {
  return { userId: ticket as UserId, workspaceId, tokenId: "" };
}
