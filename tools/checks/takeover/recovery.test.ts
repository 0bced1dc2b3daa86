import assert from "node:assert/strict";
import { recoveryMs } from "./recovery.js";

describe("the time to recover", () => {
  const acked = (channelId: string, sentMs: number, ackedMs: number) => ({ channelId, sentMs, ackedMs });

  it("is the longest wait of a channel whose posts had to wait", () => {
    const all = [
      acked("a", 900, 950),
      acked("a", 990, 2200),
      acked("a", 2300, 2310),
      acked("b", 1100, 1110),
      acked("c", 1200, 1900),
    ];
    assert.equal(recoveryMs(all, 1000), 1200);
  });

  it("counts a post that was sent later from when it was sent", () => {
    assert.equal(recoveryMs([acked("a", 3000, 3900)], 1000), 900);
  });

  it("does not count what was acknowledged before, or sent long after", () => {
    assert.equal(recoveryMs([acked("a", 100, 999), acked("a", 50_000, 59_000)], 1000), 0);
    assert.equal(recoveryMs([], 1000), 0);
  });
});
