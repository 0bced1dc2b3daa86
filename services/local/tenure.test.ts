import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { leaseTtlMs } from "../../lib/coordination/lease-times.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { folderIdOf, type LocalLife, Tenure, tenureKey } from "./tenure.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const own = { folder: "f", host: "h", pid: 7 };

describe("the tenure of a local server", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  let tenures: Tenure[];
  beforeEach(() => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
    tenures = [];
  });
  afterEach(() => Promise.all(tenures.map((tenure) => tenure.close())));

  it("is one server's for as long as it runs, and then free at once", async () => {
    const first = tenureOf(own);
    await first.start();
    await clock.pass(10 * leaseTtlMs);
    assert.deepEqual(await holders(), [own]);
    await first.close();
    assert.deepEqual(await holders(), []);
  });

  it("is refused by name to a second server, after no more than a lease's time", async () => {
    await tenureOf(own).start();
    for (const life of [
      { ...own, folder: "g", pid: 8 },
      { ...own, host: "i", pid: 8 },
      { ...own, pid: 8 },
    ]) {
      const began = clock.now();
      const message = /process 7 on h, runs under the prefix p\/ of etcd: .*CONFAB_ETCD_PREFIX/;
      let endedMs = 0;
      const refused = assert.rejects(tenureOf(life, [7]).start(), { code: "name_taken", message });
      void refused.then(() => {
        endedMs = clock.now() - began;
      });
      await clock.pass(3 * leaseTtlMs);
      await refused;
      assert(endedMs >= leaseTtlMs && endedMs < 1.5 * leaseTtlMs, `${endedMs} ms`);
      assert.deepEqual(await holders(), [own]);
    }
  });

  it("replaces a former life of the same folder at once, but waits for the lease of any other", async () => {
    const leave = async (life: LocalLife) => {
      const lease = await coordinator.grantLease(leaseTtlMs);
      await coordinator.transact({ put: [{ key: tenureKey, value: JSON.stringify(life), lease }] });
    };
    for (const [former, waits] of [
      [{ ...own, pid: 6 }, false],
      [own, false],
      [{ ...own, folder: "g", pid: 6 }, true],
      [{ ...own, host: "i", pid: 6 }, true],
    ] as const) {
      await leave(former);
      const began = clock.now();
      let startedMs = -1;
      const tenure = tenureOf(own);
      const started = tenure.start().then(() => {
        startedMs = clock.now() - began;
      });
      await clock.pass(2 * leaseTtlMs);
      await started;
      assert.equal(startedMs >= leaseTtlMs, waits, `${startedMs} ms`);
      await tenure.close();
    }
  });

  it("waits no longer once it is closed", async () => {
    await tenureOf(own).start();
    const second = tenureOf({ ...own, folder: "g" });
    const refused = assert.rejects(second.start(), { code: "unavailable" });
    await clock.pass(100);
    await second.close();
    await clock.pass(0);
    await refused;
  });

  it("names folders apart, and gives no token away", () => {
    assert.notEqual(folderIdOf("a"), folderIdOf("b"));
    assert.match(folderIdOf("a"), /^[0-9a-f]{16}$/);
  });

  function tenureOf(life: LocalLife, running: readonly number[] = []): Tenure {
    const isRunning = (pid: number) => running.includes(pid);
    const tenure = new Tenure({ clock, log, coordinator, prefix: "p/", life, isRunning });
    tenures.push(tenure);
    return tenure;
  }

  const holders = async () => (await coordinator.read(tenureKey)).map(({ value }) => JSON.parse(value));
});
