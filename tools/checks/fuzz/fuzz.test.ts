import assert from "node:assert/strict";
import { Random } from "../../../tests/sim/random.js";
import { runCheck } from "../run-check.js";
import { fuzz } from "./fuzz.js";
import { liveBytes } from "./heap.js";
import { fuzzedFrame } from "./inputs.js";

const subjects = { channels: ["C000000000001"], users: ["U000000000001"] };
/** All of them where time is not the reader's own. */
const frames = process.env.CI === "true" ? 100_000 : 4000;

describe("the fuzz", () => {
  it("finds nothing that the server does not withstand", async function () {
    this.timeout(120_000);
    const never = new AbortController().signal;
    const { ok, sent, ...line } = await runCheck(fuzz, { frames, seed: 1 }, never, () => {});
    assert.equal(ok, true, JSON.stringify(line));
    assert.equal(sent, frames);
  });

  it("makes the same inputs of the same seed, and others of another", () => {
    const inputs = (seed: number, format: "json" | "proto") => {
      const random = new Random(seed);
      return Array.from({ length: 200 }, () => fuzzedFrame(random, format, subjects).toString("hex"));
    };
    for (const format of ["json", "proto"] as const) {
      assert.deepEqual(inputs(1, format), inputs(1, format));
      assert.notDeepEqual(inputs(1, format), inputs(2, format));
      assert.ok(new Set(inputs(1, format)).size > 150);
    }
  });

  it("would see what is kept of each frame", () => {
    const before = liveBytes();
    const kept = Array.from({ length: 50_000 }, (_, i) => ({ name: `frame ${i}`, place: { seq: i } }));
    assert.ok(liveBytes() - before > 50_000 * 50);
    assert.equal(kept.length, 50_000);
  });
});
