import assert from "node:assert/strict";
import { hunt } from "./runner/hunt.js";
import { Summary } from "./runner/summary.js";
import { runBatch } from "./runner/workers.js";

const testMsMax = 180_000;
/** As `npm run sim -- --runs 300` does: one seed in ten is a whole mesh, the others are owners in a row. */
const batch = { firstSeed: 1, runs: 300, jobs: 2, verbose: false, mutation: "" } as const;
const isMesh = (seed: number) => seed % 10 === 1;
const early = (seed: number) => seed <= 30;

describe("a simulated mesh", function () {
  this.timeout(testMsMax);

  it("keeps its promises through faults, and goes the same way twice", async () => {
    const summary = new Summary();
    const wrong: string[] = [];
    await runBatch({ ...batch, kind: "mesh", wants: isMesh, twice: () => true }, (reply) => {
      wrong.push(...summary.add(reply).map((what) => `seed ${reply.result.seed}: ${what}`));
      return true;
    });
    assert.deepEqual(wrong, []);
    assert.equal(summary.runs, batch.runs / 10);
  });

  it("keeps them when nothing but owners follow one another over replicas that differ", async () => {
    const summary = new Summary(["duel"]);
    const wrong: string[] = [];
    await runBatch({ ...batch, kind: "duel", wants: (seed) => !isMesh(seed), twice: early }, (reply) => {
      wrong.push(...summary.add(reply).map((what) => `seed ${reply.result.seed}: ${what}`));
      return true;
    });
    assert.deepEqual(wrong, []);
  });

  const bugs = [
    { mutation: "fan-out-before-stored", promise: "G1" },
    { mutation: "no-dedupe", promise: "G4" },
    { mutation: "seq-used-twice", promise: "G2" },
    { mutation: "no-fence", promise: "G1" },
    { mutation: "release-with-a-write-in-flight", promise: "ownership" },
    { mutation: "epoch-not-new", promise: "ownership" },
    { mutation: "no-catch-up", promise: "G3" },
    { mutation: "eviction-drops-attachments", promise: "G3" },
    { mutation: "refused-but-written", promise: "G11" },
    { mutation: "unknown-write-given-up", promise: "G8" },
  ];
  for (const { mutation, promise } of bugs) {
    it(`shows the deliberate bug ${mutation}`, async () => {
      const { caught, promises, what } = await hunt(mutation, { firstSeed: 1, jobs: 1 });
      assert.ok(caught);
      assert.ok(promises.includes(promise), `broken were ${promises.join(", ")}: ${what}`);
    });
  }
});
