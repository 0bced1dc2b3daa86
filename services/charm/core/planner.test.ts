import assert from "node:assert/strict";
import type { Member, OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { KnownOwner } from "../../../lib/ring/read-mesh.js";
import { slotCount } from "../../../lib/ring/slot.js";
import { type MeshState, plan } from "./planner.js";

const nowMs = 1_700_000_000_000.25;
const member = (memberId: string, incarnation = `${memberId}1`): Member => {
  return { memberId, incarnation, address: `${memberId}:1`, weight: 1, leaving: false };
};
const wishes = {
  moves: new Map(),
  pins: new Map(),
  drains: new Set<string>(),
  fencesAsked: new Set<string>(),
};
const idle: MeshState = {
  ...{ members: [], owners: new Map(), fenced: new Set(), lastEpoch: 0, nowMs },
  ...{ recordsAreLost: false, ...wishes },
};
const none = { begin: [], end: [], underWay: 0 };

/** Slots 0, 1, 2 … owned by the named incarnations, in turn, at revision 100 + slot. */
function ownedBy(...incarnations: string[]): Map<number, KnownOwner> {
  const owners = new Map<number, KnownOwner>();
  for (let slot = 0; slot < slotCount; slot++) {
    const incarnation = incarnations[slot % incarnations.length]!;
    const memberId = incarnation.slice(0, 1);
    const record = { slot, memberId, incarnation, address: `${memberId}:1`, epoch: 10 + slot, cleanFrom: 5 };
    owners.set(slot, { record, revision: 100 + slot });
  }
  return owners;
}

const writesOf = (state: MeshState) => plan(state).batches.flat();
const recordsOf = (state: MeshState): OwnerRecord[] => writesOf(state).map(({ record }) => record);

describe("plan", () => {
  it("gives every slot its first owner, in batches of at most 64, clean from the new epoch on", () => {
    const { fences, batches } = plan({ ...idle, members: [member("a"), member("b")] });
    assert.deepEqual(fences, []);
    assert.deepEqual([batches.length, new Set(batches.map(({ length }) => length))], [64, new Set([64])]);
    const writes = batches.flat();
    assert.equal(new Set(writes.map(({ record }) => record.slot)).size, slotCount);
    assert(writes.every(({ replaces, record }) => replaces === 0 && record.cleanFrom === record.epoch));
  });

  it("draws an epoch a record, each higher than the one before and none below the Unix millisecond", () => {
    const epochs = (lastEpoch: number) => {
      return recordsOf({ ...idle, members: [member("a")], lastEpoch }).map(({ epoch }) => epoch);
    };
    const counted = (first: number) => Array.from({ length: slotCount }, (_, i) => first + i);
    assert.deepEqual(epochs(7), counted(Math.floor(nowMs)));
    assert.deepEqual(epochs(2e12), counted(2e12 + 1));
  });

  it("draws above the epochs of the records when the counter was lost", () => {
    const owners = ownedBy("x1");
    owners.set(9, { revision: 1, record: { ...owners.get(9)!.record!, epoch: 3e12 } });
    const state = { ...idle, members: [member("a")], owners, fenced: new Set(["x1"]) };
    assert.equal(recordsOf(state)[0]?.epoch, 3e12 + 1);
  });

  it("asks for the fence of dead owners before it gives away any slot of theirs", () => {
    const state = { ...idle, members: [member("a")], owners: ownedBy("a1", "y1", "x1") };
    assert.deepEqual(plan(state), { fences: ["x1", "y1"], batches: [], moves: none, unreadable: [] });
    const fenced = new Set(["x1"]);
    assert.deepEqual(plan({ ...state, fenced }).fences, ["y1"]);
    const writes = writesOf({ ...state, fenced });
    assert.equal(writes.length, Math.floor(slotCount / 3));
    for (const { record, replaces } of writes) {
      assert.equal(state.owners.get(record.slot)?.record?.incarnation, "x1");
      assert.deepEqual([replaces, record.incarnation], [100 + record.slot, "a1"]);
      assert.equal(record.cleanFrom, record.epoch);
    }
  });

  it("gives a restarted member its slots again, once its former life is fenced", () => {
    const members = [member("a"), member("b", "b2")];
    const state = { ...idle, members, owners: ownedBy("a1", "b1") };
    assert.deepEqual(plan(state), { fences: ["b1"], batches: [], moves: none, unreadable: [] });
    const records = recordsOf({ ...state, fenced: new Set(["b1"]) });
    assert.equal(records.length, slotCount / 2);
    assert(records.every(({ incarnation }) => incarnation === "b2"));
  });

  it("keeps a released slot as clean as it was, and fences nobody for it", () => {
    const owners = ownedBy("a1");
    const before = { ...owners.get(3)!.record!, memberId: "", incarnation: "", address: "" };
    owners.set(3, { record: before, revision: 7 });
    const state = { ...idle, members: [member("a"), member("b")], owners };
    const epoch = Math.floor(nowMs);
    const record = { slot: 3, memberId: "b", incarnation: "b1", address: "b:1", epoch, cleanFrom: 5 };
    const { fences, batches } = plan(state);
    assert.deepEqual([fences, batches], [[], [[{ record, replaces: 7 }]]]);
  });

  it("gives nobody the slot of a record that makes no sense, but says which it is", () => {
    const owners = ownedBy("x1").set(5, { record: undefined, revision: 77 });
    owners.delete(6);
    const state = { ...idle, members: [member("a")], owners, fenced: new Set(["x1"]) };
    assert.deepEqual(plan(state).unreadable, [5]);
    const slots = new Set(recordsOf(state).map(({ slot }) => slot));
    assert.deepEqual([slots.size, slots.has(5), slots.has(6)], [slotCount - 1, false, true]);
  });

  it("does nothing while nobody is there to own anything", () => {
    assert.deepEqual(plan({ ...idle, owners: ownedBy("x1") }), {
      fences: [],
      batches: [],
      moves: none,
      unreadable: [],
    });
  });
});
