import type { Member, OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { Epoch } from "../../../lib/ids/ids.js";
import { isReleased } from "../../../lib/ring/records.js";
import { assignSlots } from "../../../lib/ring/ring.js";
import { slotCount } from "../../../lib/ring/slot.js";

/** What is kept under a slot's key. */
export interface KnownOwner {
  /** Undefined if what is there makes no sense. */
  readonly record: OwnerRecord | undefined;
  readonly revision: number;
}

/** All that a plan is made from. */
export interface MeshState {
  /** Members that are alive and may own slots. */
  readonly members: readonly Member[];
  /** By slot; a slot that was never owned is not in it. */
  readonly owners: ReadonlyMap<number, KnownOwner>;
  /** Incarnations of which it is certain that they write no more. */
  readonly fenced: ReadonlySet<string>;
  /** Somebody may own slots of which there is no record, and is not fenced yet: those are not given away. */
  readonly recordsAreLost: boolean;
  /** The last epoch drawn. */
  readonly lastEpoch: Epoch;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** An owner record to write in place of what has the named revision; 0: there is nothing yet. */
export interface OwnerWrite {
  readonly record: OwnerRecord;
  readonly replaces: number;
}

/** What is to be done now. Once the fences stand, another plan gives their slots to others. */
export interface Plan {
  readonly fences: readonly string[];
  /** Each to be committed whole, in this order. */
  readonly batches: readonly (readonly OwnerWrite[])[];
  /**
   * Slots whose record makes no sense, ascending. Nobody gets them: whom the record names may live and write,
   * and could not be fenced.
   */
  readonly unreadable: readonly number[];
}

/** Most owner records that one transaction writes. */
const batchRecordsMax = 64;

/**
 * Brings the owner records nearer to the assignment that the ring asks for. Slots that nobody owns, or
 * whose owner is fenced, get their new owner; those of dead owners wait for the fence; those of live ones
 * stay, whoever the ring would give them to, as only their owner can release them, and so do those whose
 * record makes no sense. Nothing is done while there is no member to own anything.
 */
export function plan(state: MeshState): Plan {
  const { members, owners, fenced } = state;
  const known = [...owners.entries()].sort(([one], [other]) => one - other);
  const unreadable = known.filter(([, { record }]) => !record).map(([slot]) => slot);
  if (members.length === 0) return { fences: [], batches: [], unreadable };
  const alive = new Set(members.map(({ incarnation }) => incarnation));
  const standings = Array.from({ length: slotCount }, (_, slot) => {
    const standing = standingOf(owners.get(slot), alive, fenced);
    return state.recordsAreLost && !owners.has(slot) ? "unrecorded" : standing;
  });
  const dead = [...owners.values()].filter((one) => standingOf(one, alive, fenced) === "dead");
  const takeable = [...standings.keys()].filter((slot) => standings[slot] === "free");
  return {
    fences: [...new Set(dead.map(({ record }) => record!.incarnation))].sort(),
    batches: takeable.length > 0 ? inBatches(successions(state, takeable)) : [],
    unreadable,
  };
}

/** Whether a slot can be given to somebody; `dead`: not before its owner is fenced. */
function standingOf(
  known: KnownOwner | undefined,
  alive: ReadonlySet<string>,
  fenced: ReadonlySet<string>,
): "free" | "dead" | "owned" | "unreadable" {
  if (!known) return "free";
  const { record } = known;
  if (!record) return "unreadable";
  if (isReleased(record) || fenced.has(record.incarnation)) return "free";
  return alive.has(record.incarnation) ? "owned" : "dead";
}

/** Records that give each of the slots to the member that the ring asks for, with epochs of their own. */
function successions(state: MeshState, slots: readonly number[]): OwnerWrite[] {
  const { members, owners, nowMs } = state;
  const byId = new Map(members.map((member) => [member.memberId, member]));
  const previous = Array.from({ length: slotCount }, (_, slot) => owners.get(slot)?.record?.memberId);
  const target = assignSlots(members, previous);
  let epoch = highestEpoch(state);
  return slots.map((slot) => {
    const known = owners.get(slot);
    epoch = Math.max(epoch + 1, Math.floor(nowMs));
    const record = successor(slot, known?.record, byId.get(target[slot]!)!, epoch);
    return { record, replaces: known?.revision ?? 0 };
  });
}

/** The last epoch that anything tells of: records count too, should the counter have been lost. */
function highestEpoch({ owners, lastEpoch }: MeshState): Epoch {
  let highest = lastEpoch;
  for (const { record } of owners.values()) highest = Math.max(highest, record?.epoch ?? 0);
  return highest;
}

/**
 * The record of a slot's next owner. After a release the log is as clean as it was; else it is from here
 * on.
 */
function successor(slot: number, before: OwnerRecord | undefined, owner: Member, epoch: Epoch): OwnerRecord {
  const { memberId, incarnation, address } = owner;
  const cleanFrom = before && isReleased(before) ? before.cleanFrom : epoch;
  return { slot, memberId, incarnation, address, epoch, cleanFrom };
}

function inBatches(writes: readonly OwnerWrite[]): OwnerWrite[][] {
  const count = Math.ceil(writes.length / batchRecordsMax);
  return Array.from({ length: count }, (_, i) =>
    writes.slice(i * batchRecordsMax, (i + 1) * batchRecordsMax),
  );
}
