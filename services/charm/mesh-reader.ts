import type { Coordinator } from "../../lib/coordination/coordinator.js";
import {
  drainPrefix,
  epochKey,
  fencePrefix,
  memberPrefix,
  movePrefix,
  pinPrefix,
  slotOfKey,
  slotPrefix,
} from "../../lib/ring/keys.js";
import { parseMember, parseOwner } from "../../lib/ring/records.js";
import { drainedMember, incarnationToFence, parseMove, parsePin } from "../../lib/ring/wishes.js";
import type { KnownMove } from "./core/moves.js";
import type { KnownOwner, MeshState } from "./core/planner.js";

/** The mesh as it was read, and the revision of the epoch counter. */
export interface MeshRead {
  readonly state: Omit<MeshState, "fenced" | "nowMs">;
  readonly epochRevision: number;
}

/** Prefixes of all that a plan is made from but the moves, which only follow from it. */
export const watchedPrefixes = [memberPrefix, slotPrefix, pinPrefix, drainPrefix, fencePrefix] as const;

/**
 * Reads all that a plan is made from. Slots are read before members: whoever owns one was a member before, so
 * an owner that is not among the members read after is gone. The other way round, one that had joined in
 * between would be taken for dead.
 */
export async function readMesh(coordinator: Pick<Coordinator, "read">): Promise<MeshRead> {
  const owners = new Map<number, KnownOwner>();
  for (const entry of await coordinator.read(slotPrefix)) {
    const slot = slotOfKey(entry.key);
    if (slot !== undefined) owners.set(slot, { record: parseOwner(entry), revision: entry.revision });
  }
  const members = (await coordinator.read(memberPrefix)).map(parseMember).filter((one) => one !== undefined);
  const counter = (await coordinator.read(epochKey)).find(({ key }) => key === epochKey);
  const moves = new Map<number, KnownMove>();
  for (const entry of await coordinator.read(movePrefix)) {
    const slot = slotOfKey(entry.key, movePrefix);
    if (slot !== undefined) moves.set(slot, { move: parseMove(entry), revision: entry.revision });
  }
  const pins = (await coordinator.read(pinPrefix)).map(parsePin).filter((one) => one !== undefined);
  const drains = (await coordinator.read(drainPrefix)).map(drainedMember);
  const fences = (await coordinator.read(fencePrefix)).map(incarnationToFence);
  const state = {
    ...{ members, owners, moves, lastEpoch: Number.parseInt(counter?.value ?? "", 10) || 0 },
    pins: new Map(pins.map(({ slot, memberId }) => [slot, memberId])),
    drains: new Set(drains),
    fencesAsked: new Set(fences),
  };
  return { state, epochRevision: counter?.revision ?? 0 };
}
