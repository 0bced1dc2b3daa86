import assert from "node:assert/strict";
import { assignSlots } from "../../../lib/ring/ring.js";
import { slotCount } from "../../../lib/ring/slot.js";
import { StickyAssignment } from "./sticky-assignment.js";

const member = (memberId: string, weight = 1) => ({ memberId, weight });
const [a, b, c] = [member("a"), member("b"), member("c")];
const none = new Map<number, string>();
const allA: readonly (string | undefined)[] = new Array(slotCount).fill("a");

describe("a sticky assignment", () => {
  it("is the ring's, and the same object while slots move to where they are to go", () => {
    const sticky = new StickyAssignment();
    const targets = sticky.assign([a, b], allA, none);
    assert.deepEqual(targets, assignSlots([a, b], allA, none));
    const halfway = allA.map((memberId, slot) => (slot % 2 === 0 ? targets[slot] : memberId));
    assert.equal(sticky.assign([b, a], halfway, none), targets);
    assert.equal(sticky.assign([a, b], targets, none), targets);
  });

  it("is another once a slot is elsewhere, or members, weights or pins change", () => {
    for (const [members, previous, pins] of [
      [[a, b], allA.map((memberId, slot) => (slot === 7 ? "c" : memberId)), none],
      [[a, b, c], allA, none],
      [[a, member("b", 2)], allA, none],
      [[a, b], allA, new Map([[7, "b"]])],
    ] as const) {
      const sticky = new StickyAssignment();
      const targets = sticky.assign([a, b], allA, none);
      const other = sticky.assign(members, previous, pins);
      assert.notEqual(other, targets);
      assert.deepEqual(other, assignSlots(members, previous, pins));
    }
  });
});
