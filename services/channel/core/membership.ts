import type { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Position, Seq, UserId } from "../../../lib/ids/ids.js";
import type { MemberRow } from "../../../lib/store/log-store.js";
import type { EventKind } from "./rows.js";

/** Who is a member, as the channel's own log says up to its tail. */
export class Membership {
  readonly #joined = new Map<string, Position>();
  readonly #left = new Map<string, Position>();

  constructor(projected: readonly MemberRow[]) {
    for (const { user, seq, id, member } of projected) this.#change(user, { seq, id }, member);
  }

  has(user: string): boolean {
    return this.#joined.has(user);
  }

  /** `seq` of the event by which the user joined; 0 for no member. */
  joinedSeq(user: string): Seq {
    return this.#joined.get(user)?.seq ?? 0;
  }

  /** The event by which a member joined. */
  joined(user: string): Position | undefined {
    return this.#joined.get(user);
  }

  /** The event by which a former member left. */
  left(user: string): Position | undefined {
    return this.#left.get(user);
  }

  /** Members with ids above `after`, in the order of their ids. */
  list(after: string, limit: number): string[] {
    const users = [...this.#joined.keys()].filter((user) => user > after);
    return users.sort().slice(0, limit);
  }

  apply({ seq, id, kind }: Event): void {
    const change = changeOf(kind);
    for (const user of change?.users ?? []) this.#change(user, { seq, id }, change?.member === true);
  }

  #change(user: string, position: Position, member: boolean): void {
    const [now, before] = member ? [this.#joined, this.#left] : [this.#left, this.#joined];
    now.set(user, position);
    before.delete(user);
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
