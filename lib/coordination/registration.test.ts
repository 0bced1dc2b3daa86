import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import { memberEntry } from "../ring/records.js";
import { type Coordinator, type Lease, LeaseLost } from "./coordinator.js";
import { keepAliveMs, leaseTtlMs } from "./lease-times.js";
import { MemoryCoordinator } from "./memory-coordinator.js";
import { Registration } from "./registration.js";

const life = (incarnation: string) => ({ memberId: "a", incarnation, address: "h:1", weight: 1 });

describe("a registration", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  let lost: string[];
  beforeEach(() => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
    lost = [];
  });

  it("keeps the member there for as long as it is open", async () => {
    const registration = register("a1");
    await registration.start();
    await clock.pass(10 * leaseTtlMs);
    assert.deepEqual(await members(), [memberEntry(life("a1")).value]);
    await registration.close();
    await registration.close();
    assert.deepEqual([await members(), lost], [[], []]);
  });

  it("tells once that the lease was lost, and leaves the member out", async () => {
    const registration = register(
      "a1",
      leasesOf((lease) => ({ ...lease, keepAlive: revokedFirst(lease.revoke) })),
    );
    await registration.start();
    await clock.pass(10 * leaseTtlMs);
    assert.deepEqual([await members(), lost], [[], ["a1"]]);
    await registration.close();
    assert.deepEqual(lost, ["a1"]);
  });

  it("leaves its lease alone once closed", async () => {
    let calls = 0;
    const counted = leasesOf((lease) => ({ ...lease, keepAlive: async () => void calls++ }));
    const registration = register("a1", counted);
    await registration.start();
    await clock.pass(leaseTtlMs - 1);
    await registration.close();
    await clock.pass(10 * leaseTtlMs);
    assert.equal(calls, Math.floor((leaseTtlMs - 1) / keepAliveMs));
  });

  it("goes on through errors that leave the lease alone", async () => {
    let calls = 0;
    const flaky = leasesOf((lease) => ({
      ...lease,
      keepAlive: () => (calls++ % 2 === 0 ? Promise.reject(new Error("no answer")) : lease.keepAlive()),
    }));
    const registration = register("a1", flaky);
    await registration.start();
    await clock.pass(10 * leaseTtlMs);
    assert.deepEqual([(await members()).length, lost], [1, []]);
    await registration.close();
  });

  it("takes the place of an earlier life, whose end then changes nothing", async () => {
    const earlier = register("a1");
    await earlier.start();
    const later = register("a2");
    await later.start();
    await earlier.close();
    await clock.pass(leaseTtlMs);
    assert.deepEqual(await members(), [memberEntry(life("a2")).value]);
    await later.close();
  });

  it("leaves nothing behind when it is closed while it starts", async () => {
    const registration = register("a1");
    const started = assert.rejects(registration.start(), { code: "unavailable" });
    await registration.close();
    await started;
    assert.deepEqual(await members(), []);
  });

  const register = (incarnation: string, over: Coordinator = coordinator) =>
    new Registration({
      clock,
      coordinator: over,
      entry: memberEntry(life(incarnation)),
      onLost: () => lost.push(incarnation),
    });

  const members = async () => (await coordinator.read("members/")).map(({ value }) => value);

  /** The coordinator, but with leases as the test has them. */
  function leasesOf(change: (lease: Lease) => Lease): Coordinator {
    return {
      read: (prefix) => coordinator.read(prefix),
      transact: (transaction) => coordinator.transact(transaction),
      watch: (prefix, watcher) => coordinator.watch(prefix, watcher),
      grantLease: async (ttlMs) => change(await coordinator.grantLease(ttlMs)),
      close: () => coordinator.close(),
    };
  }

  const revokedFirst = (revoke: () => Promise<void>) => async () => {
    await revoke();
    throw new LeaseLost("gone");
  };
});
