import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import { ConfabError } from "../errors/errors.js";
import { memberEntry } from "../ring/records.js";
import { type Coordinator, type Entry, type Lease, LeaseLost } from "./coordinator.js";
import { keepAliveMs, leaseTtlMs } from "./lease-times.js";
import { MemoryCoordinator } from "./memory-coordinator.js";
import { Occupied, Registration } from "./registration.js";

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

  it("puts another value in place of its own, under the same lease, and is not lost by that", async () => {
    const registration = register("a1");
    await registration.start();
    const { value } = memberEntry({ ...life("a1"), leaving: true });
    await registration.update(value);
    await clock.pass(10 * leaseTtlMs);
    assert.deepEqual([await members(), lost], [[value], []]);
    await registration.close();
    assert.deepEqual(await members(), []);
    await assert.rejects(registration.update(value), { code: "unavailable" });
  });

  it("knows a value of its own that was put without an answer, and may put it again", async () => {
    let transactions = 0;
    const registration = register("a1", {
      ...leasesOf((lease) => lease),
      transact: async (transaction) => {
        const revision = await coordinator.transact(transaction);
        if (++transactions === 2) throw new ConfabError("unavailable");
        return revision;
      },
    });
    await registration.start();
    const { value } = memberEntry({ ...life("a1"), leaving: true });
    await assert.rejects(registration.update(value), { code: "unavailable" });
    await clock.pass(0);
    assert.deepEqual([await members(), lost], [[value], []]);
    await registration.update(value);
    await clock.pass(0);
    assert.deepEqual([await members(), lost], [[value], []]);
    await coordinator.transact({ put: [memberEntry(life("a2"))] });
    await clock.pass(0);
    assert.deepEqual(lost, ["a1"]);
  });

  it("is not lost by late news of a value of its own that it has replaced", async () => {
    let tell = (_puts: Entry[]) => {};
    const registration = register("a1", {
      ...leasesOf((lease) => lease),
      watch: (_prefix, watcher) => {
        tell = (puts) => watcher.changed(puts, []);
        return { cancel() {} };
      },
    });
    await registration.start();
    const [former] = await coordinator.read("members/a");
    await registration.update(memberEntry({ ...life("a1"), leaving: true }).value);
    tell([former!]);
    assert.deepEqual(lost, []);
    tell([{ ...former!, revision: 99 }]);
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
    assert.deepEqual([await members(), lost], [[memberEntry(life("a2")).value], []]);
    await later.close();
  });

  it("tells once when its entry is taken away or replaced while its lease lives", async () => {
    for (const change of [
      { remove: ["members/a"] },
      { put: [memberEntry(life("a2"))] },
      { put: [memberEntry(life("a1"))] },
    ]) {
      const registration = register("a1");
      await registration.start();
      await clock.pass(keepAliveMs);
      assert.deepEqual(lost.splice(0), []);
      await coordinator.transact({ put: [{ key: "members/ab", value: "" }] });
      await coordinator.transact({ remove: ["members/ab"] });
      await clock.pass(1);
      assert.deepEqual(lost.splice(0), []);
      await coordinator.transact(change);
      await clock.pass(1);
      assert.deepEqual(lost.splice(0), ["a1"]);
      await registration.close();
      await clock.pass(10 * leaseTtlMs);
      assert.deepEqual(lost, []);
      await coordinator.transact({ remove: ["members/a"] });
    }
  });

  it("refuses to replace what it may not, and leaves that alone", async () => {
    await coordinator.transact({ put: [memberEntry(life("other"))] });
    const registration = register("a1", coordinator, (value) => value === memberEntry(life("own")).value);
    await assert.rejects(registration.start(), Occupied);
    await clock.pass(leaseTtlMs);
    assert.deepEqual([await members(), lost], [[memberEntry(life("other")).value], []]);
  });

  it("is replaced by no earlier put of the same server that commits late", async () => {
    const late: (() => Promise<unknown>)[] = [];
    const hung: Coordinator = {
      ...leasesOf((lease) => lease),
      transact: (transaction) => {
        late.push(() => coordinator.transact(transaction));
        return Promise.reject(new ConfabError("deadline_exceeded"));
      },
      grantLease: async (ttlMs) => ({ ...(await coordinator.grantLease(ttlMs)), revoke: async () => {} }),
    };
    await assert.rejects(register("a1", hung).start(), { code: "deadline_exceeded" });
    const registration = register("a2");
    await registration.start();
    for (const commit of late) await commit();
    await clock.pass(3 * leaseTtlMs);
    assert.deepEqual([await members(), lost], [[memberEntry(life("a2")).value], []]);
    await registration.close();
  });

  it("begins anew with what is there when somebody writes between its read and its put", async () => {
    let read = false;
    const registration = register("a1", {
      ...leasesOf((lease) => lease),
      read: async (prefix) => {
        const entries = await coordinator.read(prefix);
        if (!read) await coordinator.transact({ put: [memberEntry(life("a0"))] });
        read = true;
        return entries;
      },
    });
    await registration.start();
    assert.deepEqual(await members(), [memberEntry(life("a1")).value]);
    await registration.close();
  });

  it("leaves nothing behind when it is closed while it starts", async () => {
    const registration = register("a1");
    const started = assert.rejects(registration.start(), { code: "unavailable" });
    await registration.close();
    await started;
    assert.deepEqual(await members(), []);
  });

  const register = (incarnation: string, over: Coordinator = coordinator, mayReplace = (_: string) => true) =>
    new Registration({
      ...{ clock, mayReplace },
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
