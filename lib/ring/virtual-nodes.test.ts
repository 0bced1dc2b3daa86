import assert from "node:assert/strict";
import { slotCount } from "./slot.js";
import { VirtualNodes } from "./virtual-nodes.js";

describe("VirtualNodes", () => {
  const weights = [1, 2, 5, 1, 3];
  const members = weights.map((weight, i) => ({ memberId: `channel-${i}`, weight }));
  const ring = new VirtualNodes(members);
  const slots = Array.from({ length: slotCount }, (_, slot) => slot);

  it("find the accepted member whose next place clockwise is nearest, all around the circle", () => {
    for (const accepted of [[0, 1, 2, 3, 4], [1, 3], [4]]) {
      for (const slot of slots) {
        const distances = accepted.map((member) => ring.distance(slot, member));
        assert(distances.every((distance) => distance >= 0 && distance < 2 ** 32));
        const nearest = accepted[distances.indexOf(Math.min(...distances))];
        assert.equal(
          ring.first(slot, (member) => accepted.includes(member)),
          nearest,
          `slot ${slot}`,
        );
      }
    }
    assert.equal(
      ring.first(0, () => false),
      undefined,
    );
  });

  it("make a member come first about as often as its weight says", () => {
    const firsts = slots.map((slot) => ring.first(slot, () => true));
    weights.forEach((weight, member) => {
      const share = (slotCount * weight) / 12;
      const count = firsts.filter((first) => first === member).length;
      assert(Math.abs(count - share) < share / 2, `${count} of ${share}`);
    });
  });

  it("stay where they are when others come or go", () => {
    const fewer = new VirtualNodes(
      [...members.slice(0, 2), ...members.slice(3)].map((one) => ({ ...one, weight: 1 })),
    );
    const even = new VirtualNodes(members.map((one) => ({ ...one, weight: 1 })));
    for (const slot of slots) assert.equal(even.distance(slot, 3), fewer.distance(slot, 2));
  });
});
