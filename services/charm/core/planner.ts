import type { Member, OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { Epoch } from "../../../lib/ids/ids.js";
import type { KnownOwner, MeshRead } from "../../../lib/ring/read-mesh.js";
import { isReleased } from "../../../lib/ring/records.js";
import { assignSlots } from "../../../lib/ring/ring.js";
import { slotCount } from "../../../lib/ring/slot.js";
import { eligible } from "./eligible.js";
import { type MovePlan, planMoves, type WantedMove } from "./moves.js";
import type { StickyAssignment } from "./sticky-assignment.js";

/** All that a plan is made from. */
export interface MeshState extends Omit<MeshRead, "epochRevision"> {
  /** Members that are alive and may own slots. */
  readonly members: readonly Member[];
  /** Incarnations of which it is certain that they write no more. */
  readonly fenced: ReadonlySet<string>;
  /** Somebody may own slots of which there is no record, and is not fenced yet: those are not given away. */
  readonly recordsAreLost: boolean;
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
  /** What is to be asked of living owners. */
  readonly moves: MovePlan;
  /**
   * Slots whose record makes no sense, ascending. Nobody gets them: whom the record names may live and write,
   * and could not be fenced.
   */
  readonly unreadable: readonly number[];
}

/** Asks the ring who should own which slot. */
type Assign = StickyAssignment["assign"];

/** Most owner records that one transaction writes. */
const batchRecordsMax = 64;

/**
 * Brings the owner records nearer to the assignment that the ring asks for. Slots that nobody owns, or
 * whose owner is fenced, get their new owner; those of dead owners wait for the fence; the live owners of
 * others are asked to release what the ring would give to somebody else, for nobody but them can. Records
 * that make no sense stay. Nothing is given or moved while there is no member to own anything.
 */
export function plan(state: MeshState, assign: Assign = assignSlots): Plan {
  const { members, owners, fenced, fencesAsked, moves } = state;
  const known = [...owners.entries()].sort(([one], [other]) => one - other);
  const unreadable = known.filter(([, { record }]) => !record).map(([slot]) => slot);
  const asked = [...fencesAsked].filter((incarnation) => !fenced.has(incarnation));
  if (members.length === 0) {
    return { fences: asked.sort(), batches: [], moves: planMoves([], moves), unreadable };
  }
  const alive = new Set(members.map(({ incarnation }) => incarnation));
  const standings = Array.from({ length: slotCount }, (_, slot) => {
    const standing = standingOf(owners.get(slot), alive, fenced);
    return state.recordsAreLost && !owners.has(slot) ? "unrecorded" : standing;
  });
  const dead = [...owners.values()].filter((one) => standingOf(one, alive, fenced) === "dead");
  const takeable = [...standings.keys()].filter((slot) => standings[slot] === "free");
  const owned = [...standings.keys()].filter((slot) => standings[slot] === "owned");
  const targets = targetsOf(state, assign);
  return {
    fences: [...new Set([...dead.map(({ record }) => record!.incarnation), ...asked])].sort(),
    batches: takeable.length > 0 ? inBatches(successions(state, takeable, targets)) : [],
    moves: planMoves(wantedMoves(state, owned, targets), moves),
    unreadable,
  };
}

/** Whom the ring would give each slot to, from slot 0 on. */
function targetsOf({ members, owners, drains, pins }: MeshState, assign: Assign): Member[] {
  const sharing = eligible(members, drains);
  const byId = new Map(sharing.map((member) => [member.memberId, member]));
  const previous = Array.from({ length: slotCount }, (_, slot) => owners.get(slot)?.record?.memberId);
  return assign(sharing, previous, pins).map((memberId) => byId.get(memberId)!);
}

/** Of slots with a living owner, those that somebody else is to have: most urgent, of those who go. */
function wantedMoves(state: MeshState, owned: readonly number[], targets: readonly Member[]): WantedMove[] {
  const { members, owners, drains, pins } = state;
  const leaving = new Set(members.filter((member) => member.leaving).map(({ memberId }) => memberId));
  return owned.flatMap((slot) => {
    const { record, revision } = owners.get(slot)!;
    const to = targets[slot]!;
    if (!record || record.memberId === to.memberId) return [];
    const goes = leaving.has(record.memberId) || drains.has(record.memberId);
    const urgency = goes ? 0 : pins.get(slot) === to.memberId ? 1 : 2;
    return [{ record, revision, to, urgency }];
  });
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
function successions(state: MeshState, slots: readonly number[], targets: readonly Member[]): OwnerWrite[] {
  const { owners, nowMs } = state;
  let epoch = highestEpoch(state);
  return slots.map((slot) => {
    const known = owners.get(slot);
    epoch = Math.max(epoch + 1, Math.floor(nowMs));
    return { record: successor(slot, known?.record, targets[slot]!, epoch), replaces: known?.revision ?? 0 };
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
