import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import { MemoryCoordinator } from "../coordination/memory-coordinator.js";
import { MembersView } from "./members-view.js";
import { memberEntry } from "./records.js";

const life = (incarnation: string) => memberEntry({ memberId: "a", incarnation, address: "h:1", weight: 1 });

describe("a view of the members", () => {
  it("knows the present incarnation of each member, and none of a former life", async () => {
    const clock = new ManualClock();
    const coordinator = new MemoryCoordinator(clock);
    await coordinator.transact({ put: [life("a1")] });
    const view = new MembersView(coordinator);
    const known = () => {
      clock.runTurn();
      return ["a1", "a2", undefined].map((incarnation) => view.has(incarnation));
    };
    assert.deepEqual([view.has("a1"), known()], [false, [true, false, false]]);
    await coordinator.transact({ put: [life("a2")] });
    assert.deepEqual(known(), [false, true, false]);
    await coordinator.transact({ put: [{ key: "members/a", value: "nonsense" }] });
    assert.deepEqual(known(), [false, false, false]);
    await coordinator.transact({ put: [life("a2")] });
    await coordinator.transact({ remove: ["members/a"] });
    assert.deepEqual(known(), [false, false, false]);
    await coordinator.transact({ put: [life("a1")] });
    assert.deepEqual(known(), [true, false, false]);
    view.close();
  });
});
