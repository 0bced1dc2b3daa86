import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import type { Coordinator, Lease } from "./coordinator.js";
import { LastingRegistration } from "./lasting-registration.js";
import { keepAliveMs } from "./lease-times.js";
import { MemoryCoordinator } from "./memory-coordinator.js";

describe("a lasting registration", () => {
  it("comes back after its lease was lost, as soon as it can, until it is closed", async () => {
    const clock = new ManualClock();
    const memory = new MemoryCoordinator(clock);
    const leases: Lease[] = [];
    let reachable = true;
    const coordinator: Coordinator = {
      read: (prefix) => memory.read(prefix),
      transact: (transaction) => memory.transact(transaction),
      watch: (prefix, watcher) => memory.watch(prefix, watcher),
      close: () => memory.close(),
      grantLease: async (ttlMs) => {
        if (!reachable) throw new Error("no answer");
        const lease = await memory.grantLease(ttlMs);
        leases.push(lease);
        return lease;
      },
    };
    const there = async () => (await memory.read("")).map(({ key }) => key);
    const heard: string[] = [];
    const told = (state: string) => heard.push(state);
    const registration = new LastingRegistration({
      ...{ clock, coordinator, told },
      entry: { key: "gateways/1", value: "here" },
      mayReplace: () => true,
    });
    await registration.start();
    reachable = false;
    await leases[0]!.revoke();
    await clock.pass(10 * keepAliveMs);
    assert.deepEqual([await there(), heard], [[], ["lost"]]);
    reachable = true;
    await clock.pass(keepAliveMs);
    assert.deepEqual([await there(), heard], [["gateways/1"], ["lost", "again"]]);
    await registration.close();
    await registration.close();
    await clock.pass(10 * keepAliveMs);
    assert.deepEqual([await there(), leases.length, heard.length], [[], 2, 2]);
  });

  it("is put again when somebody takes it away, and waits while another is in its place", async () => {
    const clock = new ManualClock();
    const coordinator = new MemoryCoordinator(clock);
    const values = async () => (await coordinator.read("")).map(({ value }) => value);
    const heard: string[] = [];
    const registration = new LastingRegistration({
      ...{ clock, coordinator, told: (state: string) => heard.push(state), mayReplace: () => true },
      entry: { key: "gateways/1", value: "here" },
    });
    await registration.start();
    await coordinator.transact({ remove: ["gateways/1"] });
    await clock.pass(10);
    assert.deepEqual([await values(), heard], [["here"], ["lost", "again"]]);
    await coordinator.transact({ put: [{ key: "gateways/1", value: "there" }] });
    await clock.pass(20 * keepAliveMs);
    assert.deepEqual([await values(), heard.slice(2)], [["there"], ["lost"]]);
    await coordinator.transact({ remove: ["gateways/1"] });
    await clock.pass(keepAliveMs);
    assert.deepEqual([await values(), heard.slice(2)], [["here"], ["lost", "again"]]);
    await registration.close();
  });
});
