import assert from "node:assert/strict";
import { sleep } from "../../lib/clock/clock.js";
import { Random } from "./random.js";
import { SimClock } from "./sim-clock.js";
import { World } from "./world.js";

/** Processes that wait, wake each other, hang and die; what they did, and the hash of the run. */
async function busyRun(seed: number): Promise<{ log: string[]; digest: string }> {
  const world = new World(seed);
  const log: string[] = [];
  const nodes = ["a", "b", "c"].map((host) => world.start(host));
  for (const node of nodes) {
    const clock = new SimClock(node);
    const live = async () => {
      for (let i = 0; i < 50; i++) {
        await sleep(clock, node.random.fraction() * 20);
        clock.endOfTurn(() => log.push(`${node.host} ${i} ${clock.now()}`));
      }
    };
    void live();
  }
  world.scheduler.schedule(200, "crash", () => nodes[0]?.crash());
  world.scheduler.schedule(100, "pause", () => nodes[1]?.pause(300));
  await world.scheduler.runUntil(5000);
  return { log, digest: world.trace.digest() };
}

describe("the scheduler", () => {
  it("runs tasks by time, then in the order in which they were scheduled", async () => {
    const { scheduler } = new World(1);
    const random = new Random(1);
    const ran: { at: number; order: number }[] = [];
    for (let order = 0; order < 500; order++) {
      const at = random.below(40);
      scheduler.schedule(at, "task", () => ran.push({ at, order }));
    }
    await scheduler.runUntil(100);
    assert.deepEqual(
      ran,
      ran.toSorted((a, b) => a.at - b.at || a.order - b.order),
    );
    assert.equal(ran.length, 500);
    assert.equal(scheduler.now, 100);
  });

  it("follows promises to their end before the next task", async () => {
    const { scheduler } = new World(1);
    const log: string[] = [];
    scheduler.schedule(1, "first", () => {
      const chain = async () => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        log.push("chain");
      };
      void chain();
    });
    scheduler.schedule(1, "second", () => log.push("second"));
    await scheduler.runUntil(2);
    assert.deepEqual(log, ["chain", "second"]);
  });

  it("does not run what was cancelled, and stops at what throws", async () => {
    const { scheduler } = new World(1);
    const log: string[] = [];
    scheduler.schedule(1, "cancelled", () => log.push("cancelled")).cancel();
    scheduler.schedule(2, "throws", () => {
      throw new Error("broken");
    });
    scheduler.schedule(3, "after", () => log.push("after"));
    await assert.rejects(scheduler.runUntil(10), /broken/);
    assert.deepEqual(log, []);
  });

  it("gives one course of events for one seed, and another for another", async () => {
    const first = await busyRun(7);
    assert.deepEqual(await busyRun(7), first);
    const other = await busyRun(8);
    assert.notEqual(other.digest, first.digest);
    assert.notDeepEqual(other.log, first.log);
    assert.ok(first.log.length > 100);
  });
});

describe("a simulated process", () => {
  it("does nothing after its death, not even what was under way", async () => {
    const world = new World(1);
    const node = world.start("a");
    const clock = new SimClock(node);
    const log: string[] = [];
    clock.after(5, () => log.push("before"));
    clock.after(20, () => log.push("timer"));
    void sleep(clock, 20).then(() => log.push("promise"));
    node.schedule(10, "last", () => {
      clock.endOfTurn(() => log.push("end of turn"));
      node.crash();
    });
    await world.scheduler.runUntil(100);
    assert.deepEqual(log, ["before"]);
  });

  it("does what it missed in order when it has hung", async () => {
    const world = new World(1);
    const node = world.start("a");
    const log: string[] = [];
    for (const ms of [30, 10, 20, 150]) {
      node.schedule(ms, "task", () => log.push(`${ms} at ${world.scheduler.now}`));
    }
    node.schedule(40, "cancelled", () => log.push("cancelled")).cancel();
    world.scheduler.schedule(5, "pause", () => node.pause(100));
    await world.scheduler.runUntil(200);
    assert.deepEqual(log, ["10 at 105", "20 at 105", "30 at 105", "150 at 150"]);
  });

  it("does together at the end of a turn what came in together", async () => {
    const world = new World(1);
    const clock = new SimClock(world.start("a"));
    const log: string[] = [];
    clock.endOfTurn(() => {
      log.push("one");
      clock.endOfTurn(() => log.push(`next turn ${world.scheduler.now > first}`));
    });
    clock.endOfTurn(() => log.push("two"));
    let first = 0;
    clock.endOfTurn(() => {
      first = world.scheduler.now;
    });
    await world.scheduler.runUntil(50);
    assert.deepEqual(log, ["one", "two", "next turn true"]);
  });

  it("has a clock that can be wrong", async () => {
    const world = new World(1);
    const clock = new SimClock(world.start("a"));
    clock.offsetMs = 250;
    assert.equal(clock.now() - world.clock.now(), 250);
    await world.scheduler.runUntil(1000);
    assert.equal(clock.now() - world.clock.now(), 250);
  });
});
