import type { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { MemberRow } from "../../../lib/store/log-store.js";
import type { EventKind } from "./rows.js";

/** Who is a member, as the channel's own log says up to its tail. */
export class Membership {
  readonly #joined = new Map<string, Seq>();

  constructor(projected: readonly MemberRow[]) {
    for (const row of projected) if (row.member) this.#joined.set(row.user, row.seq);
  }

  has(user: string): boolean {
    return this.#joined.has(user);
  }

  /** `seq` of the event by which the user joined; 0 for no member. */
  joinedSeq(user: string): Seq {
    return this.#joined.get(user) ?? 0;
  }

  apply(event: Event): void {
    const change = changeOf(event.kind);
    for (const user of change?.users ?? []) {
      if (change?.member) this.#joined.set(user, event.seq);
      else this.#joined.delete(user);
    }
  }
}

/** Whether an event changes who is a member. */
export function changesMembership(kind: EventKind | undefined): boolean {
  return changeOf(kind) !== undefined;
}

/** The rows that an event's change of membership is projected to; empty for other events. */
export function memberRows(channel: ChannelId, event: Event): MemberRow[] {
  const change = changeOf(event.kind);
  if (!change) return [];
  const { seq, id } = event;
  return change.users.map((user) => ({ channel, user: user as UserId, seq, id, member: change.member }));
}

function changeOf(kind: Event["kind"]): { users: string[]; member: boolean } | undefined {
  if (kind?.$case === "membersJoined") return { users: kind.value.userIds, member: true };
  if (kind?.$case === "membersLeft") return { users: kind.value.userIds, member: false };
  return undefined;
}
