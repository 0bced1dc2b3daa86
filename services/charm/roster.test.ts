import assert from "node:assert/strict";
import { generationKey } from "../../lib/ring/keys.js";
import { slotCount } from "../../lib/ring/slot.js";
import { CharmStage } from "./charm-stage.js";

describe("Charm whose coordinator has lost its records", () => {
  let stage: CharmStage;
  beforeEach(async () => {
    stage = new CharmStage();
    await stage.join("a", "a1");
  });
  afterEach(() => stage.close());
  const fenced = () =>
    stage.happened.flatMap((one) => (one.kind === "fenced" ? [one.incarnation] : [])).sort();

  it("gives slots without a record to nobody before all lives of former data are fenced", async () => {
    stage.roster.set("zombie1", "former");
    stage.roster.set("zombie2", "former");
    let working = false;
    stage.fences.set("zombie2", () => (working ? Promise.resolve() : Promise.reject(new Error("no quorum"))));
    await stage.startCharm();
    await stage.clock.pass(10_000);
    assert.deepEqual(fenced(), ["zombie1"]);
    assert.deepEqual(await stage.counts(), {});
    working = true;
    await stage.clock.pass(2000);
    assert.deepEqual(fenced(), ["zombie1", "zombie2"]);
    assert.deepEqual(await stage.counts(), { a1: slotCount });
    assert.deepEqual([...stage.roster.keys()], []);
  });

  it("fences a member that lives, too, as it may believe in records that are lost", async () => {
    stage.roster.set("a1", "former");
    await stage.startCharm();
    await stage.clock.pass(1000);
    assert.deepEqual(fenced(), ["a1"]);
    assert.deepEqual(await stage.counts(), {});
    assert.ok(stage.members.get("a")!.toldFenced > 0);
    await stage.join("a", "a2");
    await stage.clock.pass(500);
    assert.deepEqual(await stage.counts(), { a2: slotCount });
  });

  it("fences nobody of the present data", async () => {
    await stage.coordinator.transact({ put: [{ key: generationKey, value: "present" }] });
    stage.roster.set("a1", "present");
    stage.roster.set("idle1", "present");
    await stage.startCharm();
    await stage.clock.pass(1000);
    assert.deepEqual(fenced(), []);
    assert.deepEqual(await stage.counts(), { a1: slotCount });
  });

  it("fences all earlier lives once somebody removes the generation, as after a restore", async () => {
    await stage.coordinator.transact({ put: [{ key: generationKey, value: "present" }] });
    stage.roster.set("a1", "present");
    await stage.startCharm();
    await stage.clock.pass(1000);
    await stage.coordinator.transact({ remove: [generationKey] });
    await stage.join("b", "b1");
    await stage.clock.pass(1000);
    assert.deepEqual(fenced(), ["a1"]);
    assert.deepEqual(await stage.counts(), { b1: slotCount });
  });
});
