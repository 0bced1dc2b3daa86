import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Bench, BenchContext, Line, Outcome } from "./bench.js";
import { runBench } from "./run-bench.js";

const make = (run: (context: BenchContext) => Promise<Outcome>): Bench => ({
  ...{ name: "sample", about: "", flags: {} },
  run,
});
const options = { profileFolder: undefined, signal: new AbortController().signal };

describe("runBench", () => {
  it("prints each figure's spread, closes with all of them and removes the folder", async () => {
    let folder = "";
    const bench = make(async (context) => {
      folder = context.folder;
      return { rounds: { postsPerSecond: [3, 1, 2] }, faults: { lost: 0 } };
    });
    const lines: Line[] = [];
    const last = await runBench(bench, {}, options, (line) => lines.push(line));
    const spread = { median: 2, min: 1, max: 3 };
    assert.deepEqual(lines, [{ bench: "sample", figure: "postsPerSecond", ...spread }]);
    assert.deepEqual([last.ok, last.figures], [true, { postsPerSecond: spread }]);
    assert.equal(existsSync(folder), false);
  });

  it("is not ok when something was lost, however fast it was", async () => {
    const bench = make(async () => ({ rounds: {}, faults: { lost: 1 } }));
    assert.equal((await runBench(bench, {}, options, () => {})).ok, false);
  });

  it("says what went wrong and closes what was opened, last first", async () => {
    const closed: string[] = [];
    const bench = make(async ({ defer }) => {
      defer(() => void closed.push("first"));
      defer(() => void closed.push("second"));
      throw new Error("no server");
    });
    const last = await runBench(bench, {}, options, () => {});
    assert.deepEqual([last.ok, last.error, closed], [false, "no server", ["second", "first"]]);
  });

  it("ends when interrupted", async () => {
    const bench = make(() => new Promise(() => {}));
    const last = await runBench(bench, {}, { ...options, signal: AbortSignal.abort() }, () => {});
    assert.deepEqual([last.ok, last.error], [false, "interrupted"]);
  });
});
