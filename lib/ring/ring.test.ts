import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfabError } from "../errors/errors.js";
import { assignSlots } from "./ring.js";
import { slotCount } from "./slot.js";
import { VirtualNodes, type WeightedMember } from "./virtual-nodes.js";

const member = (memberId: string, weight = 1): WeightedMember => ({ memberId, weight });
const named = (count: number) => Array.from({ length: count }, (_, i) => member(`channel-${i}`));

const memberList = (minLength: number, maxLength: number) =>
  fc.uniqueArray(
    fc.record({
      memberId: fc.string({ minLength: 1, maxLength: 8 }),
      weight: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength, maxLength, selector: ({ memberId }) => memberId },
  );
const runs = { numRuns: 30 };

describe("assignSlots", () => {
  it("gives nothing to nobody, and everything to one member", () => {
    assert.deepEqual(assignSlots([], ["gone"]), []);
    assert.deepEqual(assignSlots([member("a")], [undefined, "gone"]), new Array(slotCount).fill("a"));
  });

  it("gives the same whenever it is asked and in whatever order the members come", () => {
    fc.assert(
      fc.property(
        memberList(1, 12),
        memberList(0, 4),
        fc.infiniteStream(fc.nat(99)),
        (list, others, order) => {
          const shuffled = list
            .map((one) => ({ one, rank: order.next().value }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ one }) => one);
          const previous = assignSlots(others, []);
          assert.deepEqual(assignSlots(shuffled, previous), assignSlots(list, previous));
        },
      ),
      runs,
    );
  });

  it("leaves an assignment as it is while the members stay", () => {
    fc.assert(
      fc.property(memberList(1, 12), (list) => {
        const slots = assignSlots(list, []);
        assert.deepEqual(assignSlots(list, slots), slots);
      }),
      runs,
    );
  });

  it("gives each of ten members its share within 10 %, from scratch", () => {
    assertBalanced(named(10), assignSlots(named(10), []), 0.1);
  });

  it("heeds weights, from scratch, within 5 % and a slot", () => {
    fc.assert(
      fc.property(memberList(1, 12), (list) => assertBalanced(list, assignSlots(list, []), 0.05)),
      runs,
    );
  });

  it("brings any previous assignment within 5 % and a slot of the shares", () => {
    const anything = fc.array(fc.constantFrom("a", "b", "c", "d", "gone", undefined), { maxLength: 40 });
    fc.assert(
      fc.property(anything, fc.nat(3), (pattern, rest) => {
        const list = [member("a"), member("b", 2), member("c"), member("d", 3), member("e")];
        const previous = Array.from(
          { length: slotCount },
          (_, slot) => pattern[slot] ?? list[rest]!.memberId,
        );
        assertBalanced(list, assignSlots(list, previous), 0.05);
      }),
      runs,
    );
  });
});

describe("assignSlots as members come and go", () => {
  it("moves nothing but the slots of a member that leaves", () => {
    fc.assert(
      fc.property(memberList(2, 24), fc.nat(), (list, pick) => {
        const leaver = list[pick % list.length]!;
        const before = assignSlots(list, []);
        const after = assignSlots(without(list, leaver), before);
        for (const slot of moved(before, after)) assert.equal(before[slot], leaver.memberId);
      }),
      runs,
    );
  });

  it("moves slots only to a member that joins, and no more than its share", () => {
    fc.assert(
      fc.property(memberList(2, 24), fc.nat(), (list, pick) => {
        const joiner = list[pick % list.length]!;
        const before = assignSlots(without(list, joiner), []);
        const after = assignSlots(list, before);
        const changed = moved(before, after);
        for (const slot of changed) assert.equal(after[slot], joiner.memberId);
        assert(changed.length <= Math.ceil(shareOf(list, joiner)), `${changed.length} moved`);
      }),
      runs,
    );
  });

  it("gives free slots to those first that would have to take some from others", () => {
    const before = [1060, 1060, 1000].flatMap((count, i) => new Array<string>(count).fill(`channel-${i}`));
    const after = assignSlots(named(4), before);
    for (const slot of moved(before, after)) assert.equal(before[slot], undefined);
    assertBalanced(named(4), after, 0.05);
  });

  it("keeps balance and moves little over any sequence of joins and leaves", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(19), { minLength: 1, maxLength: 25 }), (toggles) => {
        let list = named(10);
        let slots = assignSlots(list, []);
        for (const number of toggles) {
          const one = member(`channel-${number}`);
          const rest = without(list, one);
          if (rest.length === 0) continue;
          const joins = rest.length === list.length;
          const before = slots;
          list = joins ? [...list, one] : rest;
          slots = assignSlots(list, before);
          for (const slot of moved(before, slots)) assert.equal((joins ? slots : before)[slot], one.memberId);
          assertBalanced(list, slots, 0.1);
        }
      }),
      runs,
    );
  });
});

describe("assignSlots when it moves slots", () => {
  const owned = (counts: Record<string, number>) =>
    Object.entries(counts).flatMap(([id, count]) => new Array<string>(count).fill(id));

  it("takes them from the most loaded first", () => {
    const before = owned({ a: 1433, b: 1331, c: 1332 });
    const counts = countOf(
      assignSlots(
        ["a", "b", "c", "d"].map((id) => member(id)),
        before,
      ),
    );
    assert.deepEqual([counts.get("a"), counts.get("b"), counts.get("c")], [1041, 1041, 1041]);
  });

  it("gives them to the least loaded first", () => {
    const before = owned({ a: 1500, b: 1010, c: 980, d: 606 });
    const counts = countOf(
      assignSlots(
        ["a", "b", "c", "d"].map((id) => member(id)),
        before,
      ),
    );
    assert.deepEqual(
      ["a", "b", "c", "d"].map((id) => counts.get(id)),
      [1075, 1010, 1006, 1005],
    );
  });

  it("takes those from each member that prefer the new one most", () => {
    const list = named(5);
    const [before, ring] = [assignSlots(list.slice(1), []), new VirtualNodes(list)];
    const after = assignSlots(list, before);
    for (const { memberId } of list.slice(1)) {
      const had = [...before.keys()].filter((slot) => before[slot] === memberId);
      const distances = (kept: boolean) =>
        had.filter((slot) => (after[slot] === memberId) === kept).map((slot) => ring.distance(slot, 0));
      assert(Math.max(...distances(false)) <= Math.min(...distances(true)), memberId);
    }
  });
});

describe("assignSlots with pins and odd weights", () => {
  it("keeps pinned slots at their member, within its share", () => {
    const pins = new Map([3, 5, 4000].map((slot) => [slot, "channel-2"]));
    const list = named(4);
    const slots = assignSlots(list, assignSlots(list, []), pins);
    for (const slot of pins.keys()) assert.equal(slots[slot], "channel-2");
    assertBalanced(list, slots, 0.05);
  });

  it("shares the rest out evenly when more is pinned to a member than its share", () => {
    const pins = new Map(Array.from({ length: 2896 }, (_, slot) => [slot, "channel-0"]));
    const counts = countOf(assignSlots(named(4), assignSlots(named(4), []), pins));
    assert.equal(counts.get("channel-0"), 2896);
    for (const id of ["channel-1", "channel-2", "channel-3"]) assertNear(counts.get(id) ?? 0, 400, 0.05);
  });

  it("gives a member of weight 0 its pinned slots and takes all others away", () => {
    const list = [member("a"), member("hot", 0)];
    const slots = assignSlots(list, new Array(slotCount).fill("hot"), new Map([[7, "hot"]]));
    assert.equal(slots[7], "hot");
    assert.equal(countOf(slots).get("hot"), 1);
  });

  it("takes no notice of a pin to a member that is not there or of what is no slot", () => {
    const pins = new Map([[1, "gone"], ...[-1, 0.5, slotCount].map((slot) => [slot, "channel-0"] as const)]);
    assert.deepEqual(assignSlots(named(3), [], pins), assignSlots(named(3), []));
  });

  it("shares evenly when no member has a weight", () => {
    const list = [member("a", 0), member("b", 0)];
    assertNear(countOf(assignSlots(list, [])).get("a") ?? 0, slotCount / 2, 0);
  });

  it("refuses weights that are none, and a member that comes twice", () => {
    const invalid = (error: unknown) => error instanceof ConfabError && error.code === "invalid_argument";
    for (const weight of [-1, Number.NaN, Infinity])
      assert.throws(() => assignSlots([member("a", weight)], []), invalid);
    assert.throws(() => assignSlots([member("a"), member("a", 2)], []), invalid);
  });
});

const without = (list: readonly WeightedMember[], { memberId }: WeightedMember) =>
  list.filter((one) => one.memberId !== memberId);

function shareOf(list: readonly WeightedMember[], { weight }: WeightedMember): number {
  return (slotCount * weight) / list.reduce((sum, one) => sum + one.weight, 0);
}

function countOf(slots: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of slots) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

const moved = (before: readonly string[], after: readonly string[]) =>
  [...after.keys()].filter((slot) => before[slot] !== after[slot]);

function assertNear(count: number, share: number, part: number): void {
  assert(Math.abs(count - share) <= share * part + 1, `${count} slots of ${share}`);
}

/**
 * Every slot has an owner of the list, and nobody is further off its share than the part says, and one
 * slot.
 */
function assertBalanced(list: readonly WeightedMember[], slots: readonly string[], part: number): void {
  assert.equal(slots.length, slotCount);
  const counts = countOf(slots);
  for (const one of list) assertNear(counts.get(one.memberId) ?? 0, shareOf(list, one), part);
  assert(slots.every((id) => list.some(({ memberId }) => memberId === id)));
}
