import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import { ConfabError } from "../errors/errors.js";
import { coordinationSuite } from "./coordination-suite.js";
import { LeaseLost } from "./coordinator.js";
import { MemoryCoordinator } from "./memory-coordinator.js";

coordinationSuite("MemoryCoordinator", async () => {
  const clock = new ManualClock();
  return { coordinator: new MemoryCoordinator(clock), advance: (ms) => clock.pass(ms) };
});

describe("MemoryCoordinator, within one turn", () => {
  it("calls no watcher inside a transaction, but at the end of the turn", async () => {
    const clock = new ManualClock();
    const coordinator = new MemoryCoordinator(clock);
    const heard: string[] = [];
    coordinator.watch("a/", {
      snapshot: (entries) => heard.push(`snapshot of ${entries.length}`),
      changed: (puts) => heard.push(...puts.map(({ key }) => key)),
    });
    assert.deepEqual(heard, []);
    clock.runTurn();
    await coordinator.transact({ put: [{ key: "a/1", value: "" }] });
    await coordinator.transact({ put: [{ key: "a/2", value: "" }] });
    assert.deepEqual(heard, ["snapshot of 0"]);
    clock.runTurn();
    assert.deepEqual(heard, ["snapshot of 0", "a/1", "a/2"]);
  });

  it("stops in the middle of what a watcher has not heard when that cancels", async () => {
    const clock = new ManualClock();
    const coordinator = new MemoryCoordinator(clock);
    const heard: string[] = [];
    const watch = coordinator.watch("", {
      snapshot: () => {},
      changed: (puts) => {
        heard.push(...puts.map(({ key }) => key));
        watch.cancel();
      },
    });
    clock.runTurn();
    await coordinator.transact({ put: [{ key: "1", value: "" }] });
    await coordinator.transact({ put: [{ key: "2", value: "" }] });
    clock.runTurn();
    assert.deepEqual(heard, ["1"]);
  });

  it("keeps a key to the millisecond of its lease", async () => {
    const clock = new ManualClock();
    const coordinator = new MemoryCoordinator(clock);
    const lease = await coordinator.grantLease(5000);
    await coordinator.transact({ put: [{ key: "a", value: "", lease }] });
    clock.advance(4999);
    assert.equal((await coordinator.read("a")).length, 1);
    clock.advance(1);
    assert.equal((await coordinator.read("a")).length, 0);
  });

  it("answers nothing once closed, and loses its leases", async () => {
    const clock = new ManualClock();
    const coordinator = new MemoryCoordinator(clock);
    const lease = await coordinator.grantLease(5000);
    await coordinator.close();
    const unavailable = (error: unknown) => error instanceof ConfabError && error.code === "unavailable";
    await assert.rejects(coordinator.read(""), unavailable);
    await assert.rejects(coordinator.transact({}), unavailable);
    assert.throws(() => coordinator.watch("", { snapshot() {}, changed() {} }), unavailable);
    await assert.rejects(lease.keepAlive(), LeaseLost);
    await lease.revoke();
  });
});
