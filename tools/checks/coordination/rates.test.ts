import assert from "node:assert/strict";
import { systemClock } from "../../../lib/clock/system-clock.js";
import { MemoryCoordinator } from "../../../lib/coordination/memory-coordinator.js";
import { measureRates } from "./rates.js";

describe("the rates of a coordinator", () => {
  it("are those of one writer with a watcher, and of many writers", async () => {
    const coordinator = new MemoryCoordinator(systemClock);
    const rates = await measureRates(coordinator, { transactions: 40, writers: 4 });
    const entries = await coordinator.read("");
    assert.deepEqual(
      entries.map(({ key, value }) => `${key}=${value}`),
      ["key/0=9", "key/1=9", "key/2=9", "key/3=9", "watched=39"],
    );
    assert.equal(rates.writers, 4);
    assert(rates.transactionsPerSecond! > 0 && rates.watchMsP99! >= rates.watchMsP50!, JSON.stringify(rates));
    await coordinator.close();
  });
});
