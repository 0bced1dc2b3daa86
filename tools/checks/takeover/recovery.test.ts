import assert from "node:assert/strict";
import { recoveryMs } from "./recovery.js";

describe("the time to recover", () => {
  const acked = (sentMs: number, ackedMs: number) => ({ sentMs, ackedMs });

  it("is the longest wait of a post", () => {
    const all = [acked(900, 950), acked(990, 2200), acked(2300, 2310), acked(1100, 1110), acked(1200, 1900)];
    assert.equal(recoveryMs(all, 1000), 1200);
  });

  it("counts a post that was sent later from when it was sent", () => {
    assert.equal(recoveryMs([acked(3000, 3900)], 1000), 900);
  });

  it("does not count what was acknowledged before, or sent long after", () => {
    assert.equal(recoveryMs([acked(100, 999), acked(50_000, 59_000)], 1000), 0);
    assert.equal(recoveryMs([], 1000), 0);
  });
});
