import assert from "node:assert/strict";
import { movePrefix, pinKey, slotKey } from "../../lib/ring/keys.js";
import { parseOwner } from "../../lib/ring/records.js";
import { slotOf } from "../../lib/ring/slot.js";
import { drainEntry, fenceEntry, pinEntry } from "../../lib/ring/wishes.js";
import { MovingMesh } from "./moving-mesh.js";

describe("slots of living channel servers", function () {
  this.timeout(120_000);
  let mesh: MovingMesh;
  beforeEach(async () => {
    mesh = new MovingMesh();
    await mesh.begin();
  });
  afterEach(() => mesh.close());

  const ownerOf = async (slot: number) => {
    const [entry] = await mesh.coordinator.read(slotKey(slot));
    return parseOwner(entry!)?.memberId;
  };
  const shared = async () => {
    const { a = 0, b = 0 } = await mesh.counts();
    return (Math.abs(a - b) < 300 && a + b === 4096) || `a has ${a}, b has ${b}`;
  };

  it("move to one that joins and away from one that leaves, and nobody notices", async () => {
    await mesh.join("b");
    await mesh.until(shared);
    const a = mesh.servers.get("a")!;
    await mesh.during(a.leave());
    assert.deepEqual(await mesh.counts(), { b: 4096 });
    await a.close();
    await mesh.check();
  });

  it("go where they are pinned, and stay there", async () => {
    await mesh.join("b");
    await mesh.until(shared);
    const slots = mesh.channels.map(slotOf);
    await mesh.coordinator.transact({ put: slots.map((slot) => pinEntry({ slot, memberId: "b" })) });
    await mesh.until(async () => {
      const owners = await Promise.all(slots.map(ownerOf));
      return owners.every((owner) => owner === "b") || "not all are b's";
    });
    await mesh.coordinator.transact({ put: slots.map((slot) => pinEntry({ slot, memberId: "a" })) });
    await mesh.until(async () => (await ownerOf(slots[0]!)) === "a" || "the first is not a's");
    await mesh.coordinator.transact({ remove: slots.map(pinKey) });
    await mesh.until(async () => (await mesh.coordinator.read(movePrefix)).length === 0 || "there are moves");
    await mesh.check();
  });

  it("leave a drained member, and come back when it is drained no longer", async () => {
    await mesh.join("b");
    await mesh.coordinator.transact({ put: [drainEntry("a")] });
    await mesh.until(async () => (await mesh.counts()).b === 4096 || "b does not own all");
    await mesh.coordinator.transact({ remove: [drainEntry("a").key] });
    await mesh.until(shared);
    await mesh.check();
  });

  it("are served by a new incarnation after a fence that was asked for", async () => {
    const before = await mesh.incarnationOf("a");
    const request = fenceEntry(before!);
    await mesh.coordinator.transact({ put: [request] });
    await mesh.until(async () => {
      const [entry] = await mesh.coordinator.read(slotKey(7));
      const isOld = parseOwner(entry!)!.incarnation === before;
      return (!isOld && (await mesh.incarnationOf("a")) !== before) || "the old life goes on";
    });
    assert.deepEqual(await mesh.coordinator.read(request.key), []);
    await mesh.check();
  });
});

describe("a channel server that is alone", () => {
  it("does not wait for anybody when it leaves", async () => {
    const mesh = new MovingMesh();
    await mesh.begin();
    const before = mesh.clock.now();
    await mesh.during(mesh.servers.get("a")!.leave());
    assert.ok(mesh.clock.now() - before < 1000);
    assert.deepEqual(await mesh.counts(), { a: 4096 });
    await mesh.close();
  }).timeout(60_000);
});
