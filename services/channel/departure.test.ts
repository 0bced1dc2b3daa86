import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { memberEntry } from "../../lib/ring/records.js";
import { depart } from "./departure.js";

const member = (memberId: string, leaving = false) =>
  memberEntry({ memberId, incarnation: `${memberId}/1`, address: `${memberId}:1`, weight: 1, leaving });

describe("a departure", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  let hurry: AbortController;
  let said: number;
  let refusals: number;
  let ownedSlots: number;
  let ringChanged: () => void;
  let ended: boolean;

  beforeEach(async () => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
    hurry = new AbortController();
    [said, refusals, ownedSlots, ended] = [0, 0, 7, false];
    await coordinator.transact({ put: [member("a"), member("b")] });
  });

  async function begin(): Promise<void> {
    const ring = {
      onChange: (listener: (slots: readonly number[]) => void) => {
        ringChanged = () => listener([]);
        return () => false;
      },
    };
    const say = async () => {
      said++;
      if (refusals-- > 0) throw new Error("nobody answers");
    };
    const own = { memberId: "a", ownedSlots: () => ownedSlots, say, hurry: hurry.signal };
    void depart({ clock, coordinator, ring, ...own }).then(() => {
      ended = true;
    });
    await clock.pass(0);
  }

  it("is said until somebody hears it, and ends when nothing is owned any more", async () => {
    refusals = 3;
    await begin();
    await clock.pass(5000);
    assert.deepEqual([said, ended], [4, false]);
    ownedSlots = 1;
    ringChanged();
    await clock.pass(0);
    assert.equal(ended, false);
    ownedSlots = 0;
    ringChanged();
    await clock.pass(0);
    assert.equal(ended, true);
  });

  it("waits for nobody who is gone or leaves too", async () => {
    await begin();
    assert.equal(ended, false);
    await coordinator.transact({ put: [member("b", true)] });
    await clock.pass(0);
    assert.equal(ended, true);
  });

  it("waits for nothing with nobody else there, or in a hurry", async () => {
    await coordinator.transact({ remove: ["members/b"] });
    await begin();
    assert.equal(ended, true);
    await coordinator.transact({ put: [member("b")] });
    ended = false;
    await begin();
    assert.equal(ended, false);
    hurry.abort();
    await clock.pass(0);
    assert.equal(ended, true);
  });

  it("takes 20 seconds at most", async () => {
    await begin();
    await clock.pass(19_999);
    assert.equal(ended, false);
    await clock.pass(1);
    assert.equal(ended, true);
  });
});
