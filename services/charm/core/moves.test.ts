import assert from "node:assert/strict";
import type { Member, Move } from "../../../gen/confab/mesh/v1/ring.js";
import type { KnownMove, KnownOwner } from "../../../lib/ring/read-mesh.js";
import { slotCount } from "../../../lib/ring/slot.js";
import { type MeshState, plan } from "./planner.js";

const member = (memberId: string, leaving = false): Member => {
  return { memberId, incarnation: `${memberId}1`, address: `${memberId}:1`, weight: 1, leaving };
};
const moveOf = (slot: number, from: string, to: string): Move => {
  const target = { toMemberId: to, toIncarnation: `${to}1`, toAddress: `${to}:1` };
  return { slot, fromIncarnation: `${from}1`, ...target };
};

/** A mesh whose slots the named members own in turn; slot n has revision 100 + n. */
function meshOf(members: readonly Member[], owners: readonly string[], changes: Partial<MeshState> = {}) {
  const records = new Map<number, KnownOwner>();
  for (let slot = 0; slot < slotCount; slot++) {
    const memberId = owners[slot % owners.length]!;
    const terms = { epoch: 10 + slot, cleanFrom: 5 };
    const record = { slot, memberId, incarnation: `${memberId}1`, address: `${memberId}:1`, ...terms };
    records.set(slot, { record, revision: 100 + slot });
  }
  const wishes = { moves: new Map(), pins: new Map(), drains: new Set<string>(), recordsAreLost: false };
  const rest = { fenced: new Set<string>(), fencesAsked: new Set<string>(), lastEpoch: 0, nowMs: 1 };
  return { members, owners: records, ...wishes, ...rest, ...changes };
}

/** Carries out all moves, round by round, and says who owns how much in the end, and after how many moves. */
function playOut(state: MeshState): { counts: Record<string, number>; moved: number } {
  const owners = new Map(state.owners);
  const moves = new Map<number, KnownMove>();
  for (let moved = 0; ; ) {
    const { begin, end, underWay } = plan({ ...state, owners, moves }).moves;
    assert.deepEqual(end, []);
    assert.ok(underWay <= 64 && begin.length === underWay);
    if (begin.length === 0) {
      const counts: Record<string, number> = {};
      for (const { record } of owners.values()) {
        counts[record!.memberId] = (counts[record!.memberId] ?? 0) + 1;
      }
      return { counts, moved };
    }
    for (const { move } of begin) {
      const { slot, toMemberId: memberId, toIncarnation: incarnation, toAddress: address } = move;
      const record = { slot, memberId, incarnation, address, epoch: 1e6, cleanFrom: 5 };
      owners.set(slot, { record, revision: 9 });
    }
    moved += begin.length;
    assert.ok(moved <= 2 * slotCount, "slots go to and fro");
  }
}

describe("a plan's moves", () => {
  it("ask owners for no more than a joiner is due, at most 64 at a time, and end at an even share", () => {
    const state = meshOf([member("a"), member("b"), member("c")], ["a", "b"]);
    const { begin, underWay } = plan(state).moves;
    assert.deepEqual([begin.length, underWay], [64, 64]);
    for (const { move, recordRevision } of begin) {
      const from = state.owners.get(move.slot)!.record!.memberId;
      assert.deepEqual([move, recordRevision], [moveOf(move.slot, from, "c"), 100 + move.slot]);
    }
    const { counts, moved } = playOut(state);
    assert.equal(moved, counts.c);
    const share = slotCount / 3;
    for (const count of Object.values(counts)) assert.ok(Math.abs(count - share) <= share * 0.06 + 1);
  });

  it("empty a member that leaves or is drained, whoever gets its slots", () => {
    const members = [member("a"), member("b"), member("c")];
    const leaving = playOut(meshOf([member("a", true), member("b"), member("c")], ["a", "b", "c"]));
    const drained = playOut(meshOf(members, ["a", "b", "c"], { drains: new Set(["a"]) }));
    for (const { counts } of [leaving, drained]) {
      assert.deepEqual(Object.keys(counts).sort(), ["b", "c"]);
      assert.equal(counts.b! + counts.c!, slotCount);
    }
  });

  it("leave slots with those that go when nobody stays, and with drained ones before those", () => {
    const alone = meshOf([member("a", true)], ["a"]);
    assert.deepEqual(plan(alone).moves, { begin: [], end: [], underWay: 0 });
    const state = meshOf([member("a", true), member("b")], ["a", "b"], { drains: new Set(["b"]) });
    assert.deepEqual(playOut(state).counts, { b: slotCount });
  });

  it("bring a pinned slot to its member, unless that one is drained, leaves or is not there", () => {
    const members = [member("a"), member("b"), member("c", true)];
    const pins = new Map([4, 6].map((slot) => [slot, "b"]));
    const wanted = (changes: Partial<MeshState>) =>
      plan(meshOf(members, ["a", "b"], { pins, ...changes }))
        .moves.begin.map(({ move }) => move)
        .filter(({ slot }) => slot === 4 || slot === 6);
    assert.deepEqual(wanted({}), [moveOf(4, "a", "b"), moveOf(6, "a", "b")]);
    assert.deepEqual(
      wanted({
        pins: new Map([
          [4, "c"],
          [6, "d"],
        ]),
      }),
      [],
    );
    const drained = plan(meshOf(members, ["a", "a"], { pins, drains: new Set(["b"]) })).moves;
    assert.deepEqual(drained.begin, []);
  });

  it("begin with slots of those that go, then pinned ones", () => {
    const members = [member("a"), member("b"), member("c", true), member("d")];
    const pins = new Map([[0, "b"]]);
    const { begin } = plan(meshOf(members, ["a", "b", ...new Array(60).fill("a"), "c"], { pins })).moves;
    const from = begin.map(({ move }) => move.fromIncarnation);
    const last = from.lastIndexOf("c1");
    assert.ok(last >= 60 && from.slice(0, last).every((incarnation) => incarnation === "c1"));
    const none = plan(meshOf([member("a"), member("b"), member("d")], ["a", "b"], { pins })).moves.begin;
    assert.equal(none[0]?.move.slot, 0);
  });

  it("go on as they began, and end once their owner, their target or the plan is another", () => {
    const members = [member("a"), member("b")];
    const pins = new Map([1, 3, 5, 7].map((slot) => [slot, "a"]));
    const present = new Map<number, KnownMove>([
      [1, { move: moveOf(1, "b", "a"), revision: 1 }],
      [3, { move: moveOf(3, "x", "a"), revision: 3 }],
      [5, { move: { ...moveOf(5, "b", "a"), toIncarnation: "a0" }, revision: 5 }],
      [7, { move: undefined, revision: 7 }],
      [9, { move: moveOf(9, "b", "a"), revision: 9 }],
    ]);
    const { begin, end, underWay } = plan(meshOf(members, ["a", "b"], { pins, moves: present })).moves;
    assert.deepEqual(
      begin.map(({ move }) => move),
      [3, 5, 7].map((slot) => moveOf(slot, "b", "a")),
    );
    assert.deepEqual([end, underWay], [[{ slot: 9, revision: 9 }], 4]);
    assert.deepEqual(plan({ ...meshOf([], ["a"]), moves: present }).moves.begin, []);
    assert.equal(plan({ ...meshOf([], ["a"]), moves: present }).moves.end.length, 5);
  });

  it("are none for slots that nobody owns, whose owner is dead, or whose record makes no sense", () => {
    const state = meshOf([member("a"), member("b")], ["a", "x", "y"], { fenced: new Set(["y1"]) });
    const owners = new Map(state.owners).set(0, { record: undefined, revision: 1 });
    const pins = new Map([0, 1, 2].map((slot) => [slot, "b"]));
    const { moves, fences, batches } = plan({ ...state, owners, pins });
    assert.ok(moves.begin.every(({ move }) => move.fromIncarnation === "a1" && move.slot !== 0));
    assert.deepEqual(fences, ["x1"]);
    assert.equal(batches.flat().find(({ record }) => record.slot === 2)?.record.memberId, "b");
  });
});

describe("a plan's fences", () => {
  it("are those that operators ask for, too, as long as they do not stand", () => {
    const state = meshOf([member("a")], ["a"], { fencesAsked: new Set(["q/1", "a/0"]) });
    assert.deepEqual(plan(state).fences, ["a/0", "q/1"]);
    assert.deepEqual(plan({ ...state, fenced: new Set(["a/0"]) }).fences, ["q/1"]);
    assert.deepEqual(plan({ ...state, members: [] }).fences, ["a/0", "q/1"]);
  });
});
