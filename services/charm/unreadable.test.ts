import assert from "node:assert/strict";
import { slotCount } from "../../lib/ring/slot.js";
import { CharmStage } from "./charm-stage.js";

describe("Charm and a record that makes no sense", () => {
  it("gives nobody a slot whose record makes no sense, and says so once, until that is mended", async () => {
    const stage = new CharmStage();
    const broken = { key: "slots/0005", value: "{" };
    await stage.coordinator.transact({ put: [broken] });
    await stage.startCharm();
    await stage.join("a", "a1");
    await stage.clock.pass(0);
    await stage.join("b", "b1");
    await stage.clock.pass(60_000);
    assert.deepEqual(await stage.coordinator.read(broken.key), [{ ...broken, revision: 2 }]);
    assert.deepEqual(stage.errors, [{ slots: 1, keys: [broken.key] }]);
    assert.equal(stage.written().length, slotCount - 1);
    await stage.coordinator.transact({ remove: [broken.key] });
    await stage.clock.pass(0);
    assert.equal(stage.written().length, slotCount);
    assert.equal(stage.errors.length, 1);
    await stage.close();
  });
});
