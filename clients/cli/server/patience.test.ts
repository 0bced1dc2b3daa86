import assert from "node:assert/strict";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { Patience } from "./patience.js";

const passing = new ConfabError("unavailable");

function setUp(random: number, timeoutMs = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock(0);
  const stop = new AbortController();
  const patience = new Patience({ clock, random: () => random, stop: stop.signal }, timeoutMs);
  /** How long the next wait is, in milliseconds. */
  const wait = async (error: unknown = passing) => {
    const from = clock.now();
    let over = false;
    const done = patience.after(error).finally(() => {
      over = true;
    });
    done.catch(() => {});
    while (!over) await clock.pass(25);
    await done;
    return clock.now() - from;
  };
  return { clock, stop, patience, wait };
}

describe("Patience", () => {
  it("waits up to a bound that doubles with each failure, and begins anew after a success", async () => {
    const { patience, wait } = setUp(0.5);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) waits.push(await wait());
    assert.deepEqual(waits, [50, 100, 200, 400, 800, 1600, 2500, 2500]);
    patience.renew();
    assert.equal(await wait(), 50);
  });

  it("takes the time that the error names as the first bound", async () => {
    assert.equal(await setUp(0.5).wait(new ConfabError("overloaded", "", undefined, 1000)), 500);
  });

  it("gives up at once what is of no use to try again", async () => {
    for (const error of [new ConfabError("invalid_auth"), new Error("broken")]) {
      await assert.rejects(setUp(0.5).wait(error), error);
    }
  });

  it("gives up when nothing has succeeded for so long", async () => {
    const { clock, patience, wait } = setUp(0.5, 1000);
    await clock.pass(900);
    await assert.rejects(
      wait().then(() => wait()),
      passing,
    );
    patience.renew();
    assert.equal(await wait(), 50);
  });

  it("ends a wait when it is stopped", async () => {
    const { stop, patience } = setUp(0.5);
    const waiting = patience.after(passing);
    stop.abort();
    await assert.rejects(waiting, passing);
  });
});
