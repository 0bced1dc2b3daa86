import assert from "node:assert/strict";
import { sleep } from "./clock.js";
import { ManualClock } from "./manual-clock.js";

describe("ManualClock", () => {
  it("stands still until it is moved", () => {
    const clock = new ManualClock(1000);
    assert.equal(clock.now(), 1000);
    clock.advance(250);
    assert.equal(clock.now(), 1250);
  });

  it("runs timers in order of time, and of their making when due together, each at its own time", () => {
    const clock = new ManualClock(0);
    const calls: string[] = [];
    const note = (name: string) => () => calls.push(`${name}@${clock.now()}`);
    clock.after(20, note("late"));
    clock.after(10, note("first"));
    clock.after(10, note("second"));
    clock.advance(19);
    assert.deepEqual(calls, ["first@10", "second@10"]);
    clock.advance(1);
    assert.deepEqual(calls, ["first@10", "second@10", "late@20"]);
  });

  it("runs a timer that another one sets within the time that passes", () => {
    const clock = new ManualClock(0);
    const calls: number[] = [];
    clock.after(10, () => clock.after(10, () => calls.push(clock.now())));
    clock.advance(20);
    assert.deepEqual(calls, [20]);
  });

  it("forgets a cancelled timer, even one that was due together with its canceller", () => {
    const clock = new ManualClock(0);
    const calls: string[] = [];
    clock.after(10, () => victim.cancel());
    const victim = clock.after(10, () => calls.push("victim"));
    clock.advance(100);
    assert.deepEqual(calls, []);
  });

  it("ends the turn before the first timer and after each", () => {
    const clock = new ManualClock(0);
    const calls: string[] = [];
    clock.endOfTurn(() => calls.push("turn before"));
    clock.after(0, () => {
      calls.push("timer");
      clock.endOfTurn(() => calls.push("turn after"));
    });
    clock.after(0, () => calls.push("next timer"));
    clock.advance(0);
    assert.deepEqual(calls, ["turn before", "timer", "turn after", "next timer"]);
  });

  it("ends turns without moving the time, those that began meanwhile too", () => {
    const clock = new ManualClock(5);
    const calls: string[] = [];
    clock.endOfTurn(() => {
      calls.push("one");
      clock.endOfTurn(() => calls.push("two"));
    });
    clock.runTurn();
    assert.deepEqual([calls, clock.now()], [["one", "two"], 5]);
  });

  it("lets what waits for a promise go on between timers", async () => {
    const clock = new ManualClock(0);
    const woken: number[] = [];
    const work = (async () => {
      for (let i = 0; i < 3; i++) {
        await sleep(clock, 10);
        woken.push(clock.now());
      }
    })();
    await clock.pass(30);
    assert.deepEqual(woken, [10, 20, 30]);
    await work;
  });
});
