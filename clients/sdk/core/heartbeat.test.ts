import assert from "node:assert/strict";
import { Heartbeat } from "./heartbeat.js";

describe("a heartbeat", () => {
  /** Runs the timer so many milliseconds late. */
  function setUp() {
    const told: string[] = [];
    let now = 0;
    let due: { atMs: number; call: (now: number) => void } | undefined;
    const heartbeat = new Heartbeat({
      later: (ms, call) => {
        due = { atMs: now + ms, call };
        return { cancel: () => (due = undefined) };
      },
      ping: () => told.push("ping"),
      silent: () => told.push("silent"),
      woke: () => told.push("woke"),
    });
    const tick = (lateMs = 0) => {
      const { atMs, call } = due!;
      now = atMs + lateMs;
      call(now);
    };
    return { heartbeat, told, tick, isRunning: () => due !== undefined };
  }

  it("sees that the machine slept by a timer that comes far too late, and only then", () => {
    const { heartbeat, told, tick } = setUp();
    heartbeat.start(0);
    tick(9_999);
    assert.deepEqual(told, []);
    tick(10_000);
    assert.deepEqual(told, ["woke"]);
    tick();
    assert.deepEqual(told, ["woke"]);
  });

  it("takes sleep for no silence of the other side", () => {
    const { heartbeat, told, tick } = setUp();
    heartbeat.start(0);
    heartbeat.watch(24_000, 0);
    tick(3_600_000);
    assert.deepEqual(told, ["woke"]);
  });

  it("asks nobody while there is no connection, and runs once until it is stopped", () => {
    const { heartbeat, told, tick, isRunning } = setUp();
    heartbeat.start(0);
    heartbeat.start(0);
    heartbeat.watch(4000, 0);
    heartbeat.unwatch();
    for (let i = 0; i < 10; i++) tick();
    assert.deepEqual(told, []);
    heartbeat.stop();
    heartbeat.stop();
    assert.equal(isRunning(), false);
  });
});
