import type { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Position, Seq, UserId } from "../../../lib/ids/ids.js";
import type { MemberRow } from "../../../lib/store/log-store.js";
import type { EventKind } from "./rows.js";

/** Users who became members by an event, or stopped being members. */
export interface MembershipChange {
  readonly seq: Seq;
  readonly joined: boolean;
  readonly users: string[];
}

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

  /** Each user's latest change if it is above a `seq`, by its event, ascending. */
  changesAfter(seq: Seq): MembershipChange[] {
    const changes = new Map<Seq, MembershipChange>();
    for (const [positions, joined] of [[this.#joined, true] as const, [this.#left, false] as const]) {
      for (const [user, position] of positions) {
        if (position.seq <= seq) continue;
        const change = changes.get(position.seq) ?? { seq: position.seq, joined, users: [] };
        change.users.push(user);
        changes.set(position.seq, change);
      }
    }
    return [...changes.values()].sort((a, b) => a.seq - b.seq);
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

/** An event's change of membership, for those whom it concerns. */
export function changeBy({ seq, kind }: Event): MembershipChange | undefined {
  const change = changeOf(kind);
  return change && { seq, joined: change.member, users: change.users };
}

function changeOf(kind: Event["kind"]): { users: string[]; member: boolean } | undefined {
  if (kind?.$case === "membersJoined") return { users: kind.value.userIds, member: true };
  if (kind?.$case === "membersLeft") return { users: kind.value.userIds, member: false };
  return undefined;
}
