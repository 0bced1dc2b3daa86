import type { Move, OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Condition, Entry, Transaction } from "../../lib/coordination/coordinator.js";
import type { Epoch } from "../../lib/ids/ids.js";
import { epochKey, moveKey, slotKey } from "../../lib/ring/keys.js";
import { ownerEntry } from "../../lib/ring/records.js";

/** A move of a slot of this server, and what was read before it is carried out. */
export interface OwnMove {
  readonly move: Move;
  /** Revision of the move's key. */
  readonly revision: number;
  readonly record: OwnerRecord;
  /** Revision of the slot's key. */
  readonly recordRevision: number;
}

/** The epoch counter as it was read; undefined: there is none. */
export type Counter = Entry | undefined;

/** The records of the slots' next terms: each has an epoch of its own, above all that were drawn before. */
export function nextRecords(moves: readonly OwnMove[], counter: Counter, nowMs: number): OwnerRecord[] {
  let epoch = moves.reduce((highest, { record }) => Math.max(highest, record.epoch), lastEpoch(counter));
  return moves.map(({ move, record }) => {
    epoch = nextEpoch(epoch, nowMs);
    const { toMemberId: memberId, toIncarnation: incarnation, toAddress: address } = move;
    // Whoever released has nothing in flight: the log is as clean as it was.
    return { slot: move.slot, memberId, incarnation, address, epoch, cleanFrom: record.cleanFrom };
  });
}

/**
 * What releases the slots, if nothing has changed: their records and moves, the counter, and that the member
 * that takes them over is there still.
 */
export function releaseOf(
  moves: readonly OwnMove[],
  records: readonly OwnerRecord[],
  counter: Counter,
  target: Condition,
): Transaction {
  const when = moves.flatMap(({ move, revision, recordRevision }) => [
    { key: slotKey(move.slot), revision: recordRevision },
    { key: moveKey(move.slot), revision },
  ]);
  return {
    when: [target, counterCondition(counter), ...when],
    put: [
      { key: epochKey, value: String(records[records.length - 1]!.epoch) },
      ...records.map((record) => ownerEntry(record)),
    ],
    remove: moves.map(({ move }) => moveKey(move.slot)),
  };
}

/**
 * Draws an epoch that nobody uses, if none was drawn since the counter was read. Once this has committed, no
 * release that compares the same counter can.
 */
export function spoilerOf(counter: Counter, nowMs: number): Transaction {
  const value = String(nextEpoch(lastEpoch(counter), nowMs));
  return { when: [counterCondition(counter)], put: [{ key: epochKey, value }] };
}

function counterCondition(counter: Counter): Condition {
  return { key: epochKey, revision: counter?.revision ?? 0 };
}

function lastEpoch(counter: Counter): Epoch {
  return Number.parseInt(counter?.value ?? "", 10) || 0;
}

function nextEpoch(last: Epoch, nowMs: number): Epoch {
  return Math.max(last + 1, Math.floor(nowMs));
}
