import type { Member, Move, OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Coordinator } from "../coordination/coordinator.js";
import {
  drainPrefix,
  epochKey,
  fencePrefix,
  memberPrefix,
  movePrefix,
  pinPrefix,
  slotOfKey,
  slotPrefix,
} from "./keys.js";
import { parseMember, parseOwner } from "./records.js";
import { drainedMember, incarnationToFence, parseMove, parsePin } from "./wishes.js";

/** What is kept under a slot's key. */
export interface KnownOwner {
  /** Undefined if what is there makes no sense. */
  readonly record: OwnerRecord | undefined;
  readonly revision: number;
}

/** What is kept under a move's key. */
export interface KnownMove {
  /** Undefined if what is there makes no sense. */
  readonly move: Move | undefined;
  readonly revision: number;
}

/** Who is there, who owns what, and what is wished. */
export interface MeshRead {
  readonly members: readonly Member[];
  /** By slot; a slot that was never owned is not in it. */
  readonly owners: ReadonlyMap<number, KnownOwner>;
  /** Moves under way, by slot. */
  readonly moves: ReadonlyMap<number, KnownMove>;
  /** Which member operators want to own a slot, by slot. */
  readonly pins: ReadonlyMap<number, string>;
  /** Members that operators want to own nothing. */
  readonly drains: ReadonlySet<string>;
  /** Incarnations that operators want fenced. */
  readonly fencesAsked: ReadonlySet<string>;
  /** The last epoch drawn. */
  readonly lastEpoch: number;
  /** Revision of the epoch counter. */
  readonly epochRevision: number;
}

/**
 * Reads all of it. Slots are read before members: whoever owns one was a member before, so
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
  return {
    ...{ members, owners, moves },
    pins: new Map(pins.map(({ slot, memberId }) => [slot, memberId])),
    drains: new Set(drains),
    fencesAsked: new Set(fences),
    lastEpoch: Number.parseInt(counter?.value ?? "", 10) || 0,
    epochRevision: counter?.revision ?? 0,
  };
}
