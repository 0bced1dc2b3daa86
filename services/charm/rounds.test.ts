import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { Rounds } from "./rounds.js";

describe("Rounds", () => {
  let clock: ManualClock;
  let finish: (() => void)[];
  let rounds: Rounds;
  beforeEach(() => {
    clock = new ManualClock(0);
    finish = [];
    const run = () => new Promise<void>((resolve) => finish.push(resolve));
    rounds = new Rounds({ clock, run, failed: () => assert.fail("no round failed") });
  });

  it("run one at a time, and once more for all that was asked meanwhile", async () => {
    for (let i = 0; i < 3; i++) rounds.request();
    await clock.pass(0);
    assert.equal(finish.length, 1);
    finish[0]!();
    await clock.pass(0);
    assert.equal(finish.length, 2);
    finish[1]!();
    await clock.pass(0);
    assert.equal(finish.length, 2);
    rounds.request();
    assert.equal(finish.length, 3);
  });

  it("close after the round under way, and never run again", async () => {
    rounds.request();
    rounds.request();
    let closed = false;
    const closing = rounds.close().then(() => (closed = true));
    await clock.pass(0);
    assert.equal(closed, false);
    finish[0]!();
    await closing;
    rounds.request();
    await rounds.close();
    assert.equal(finish.length, 1);
  });

  it("are tried again after growing pauses until one succeeds, and then begin with short ones", async () => {
    const tries: number[] = [];
    const pauses: number[] = [];
    const run = async () => {
      if (tries.push(clock.now()) !== 9) throw new Error("not yet");
    };
    const failing = new Rounds({ clock, run, failed: (_error, retryMs) => pauses.push(retryMs) });
    failing.request();
    await clock.pass(60_000);
    assert.deepEqual(pauses, [50, 100, 200, 400, 800, 1600, 2000, 2000]);
    assert.deepEqual(tries.at(-1), 7150);
    failing.request();
    await clock.pass(0);
    assert.equal(pauses.at(-1), 50);
    await failing.close();
    await failing.close();
  });
});
