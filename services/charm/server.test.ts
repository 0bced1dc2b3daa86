import assert from "node:assert/strict";
import { charmLeaderKey } from "../../lib/ring/keys.js";
import { ownerEntry } from "../../lib/ring/records.js";
import { slotCount } from "../../lib/ring/slot.js";
import { CharmStage } from "./charm-stage.js";
import { StageMember } from "./stage-member.js";

describe("Charm", () => {
  let stage: CharmStage;
  beforeEach(() => {
    stage = new CharmStage();
  });
  afterEach(async () => {
    await stage.close();
    assertTermsRise(stage);
    assertFencedFirst(stage);
  });
  const settle = (ms = 0) => stage.clock.pass(ms);

  it("gives nothing while there is no member, and all slots to the first that comes", async () => {
    await stage.startCharm();
    await settle();
    assert.deepEqual(await stage.counts(), {});
    await stage.join("a", "a1");
    await settle();
    assert.deepEqual(await stage.counts(), { a1: slotCount });
  });

  it("gives three members about a third each, and leaves them alone from then on", async () => {
    await started("a", "b", "c");
    const counts = await stage.counts();
    assert.deepEqual(Object.keys(counts).sort(), ["a1", "b1", "c1"]);
    for (const count of Object.values(counts)) assert(Math.abs(count - slotCount / 3) < 100, String(count));
    await settle(60_000);
    assert.equal(stage.written().length, slotCount);
  });

  it("fences a dead member before its slots go to those that live, and moves no others", async () => {
    await started("a", "b", "c");
    const before = await stage.counts();
    stage.happened.length = 0;
    await stage.leave("b");
    await settle();
    assert.deepEqual(Object.keys(await stage.counts()).sort(), ["a1", "c1"]);
    assert.deepEqual(stage.happened[1], { kind: "fenced", incarnation: "b1" });
    assert.equal(stage.written().length, before.b1);
    assert(stage.written().every(({ to, from }) => from?.incarnation === "b1" && to.cleanFrom === to.epoch));
  });

  it("gives a member that restarts its slots under the new incarnation, the old one fenced", async () => {
    await started("a", "b");
    const before = await stage.counts();
    await stage.join("b", "b2");
    await settle();
    assert.deepEqual(await stage.counts(), { a1: before.a1, b2: before.b1 });
  });

  it("takes a member whose lease expires for dead", async () => {
    await started("a");
    const lease = await stage.coordinator.grantLease(5000);
    const value = JSON.stringify({ memberId: "b", incarnation: "b1", address: "b:1", weight: 1 });
    await StageMember.begin(stage.links, stage.clock, "b:1", "b1");
    await stage.coordinator.transact({ put: [{ key: "members/b", value, lease }] });
    await stage.leave("a");
    await settle(4999);
    assert.deepEqual(await stage.counts(), { b1: slotCount });
    await stage.join("a", "a2");
    await settle(1);
    assert.deepEqual(await stage.counts(), { a2: slotCount });
  });

  it("gives a joiner only what nobody owns", async () => {
    await started("a");
    await stage.join("b", "b1");
    await settle(10_000);
    assert.deepEqual(await stage.counts(), { a1: slotCount });
  });

  const started = async (...memberIds: string[]) => {
    for (const memberId of memberIds) await stage.join(memberId, `${memberId}1`);
    await stage.startCharm();
    await settle();
  };
});

describe("Charm in trouble", () => {
  let stage: CharmStage;
  beforeEach(async () => {
    stage = new CharmStage();
    for (const memberId of ["a", "b", "c"]) await stage.join(memberId, `${memberId}1`);
  });
  afterEach(async () => {
    await stage.close();
    assertTermsRise(stage);
    assertFencedFirst(stage);
  });
  const settle = (ms = 0) => stage.clock.pass(ms);

  it("tries a failing fence again and again, and gives away nothing of it meanwhile", async () => {
    await stage.startCharm();
    await settle();
    const before = await stage.counts();
    let working = false;
    stage.fences.set("b1", () => (working ? Promise.resolve() : Promise.reject(new Error("no quorum"))));
    await stage.leave("b");
    await settle(10_000);
    assert.deepEqual(await stage.counts(), before);
    assert(stage.happened.filter(({ kind }) => kind === "fence begun").length > 5);
    await stage.leave("c");
    await settle();
    assert.deepEqual(
      await stage.counts(),
      { a1: slotCount - before.b1!, b1: before.b1 },
      "others do not wait",
    );
    working = true;
    await settle(2000);
    assert.deepEqual(await stage.counts(), { a1: slotCount });
  });

  it("gives nothing to a member that comes back while it is being fenced", async () => {
    await stage.startCharm();
    await settle();
    let finish = () => {};
    stage.fences.set("b1", () => new Promise((resolve) => (finish = resolve)));
    await stage.leave("b");
    await settle();
    await stage.join("b", "b1");
    await settle();
    finish();
    await settle();
    assert.deepEqual(Object.keys(await stage.counts()).sort(), ["a1", "c1"]);
    await stage.leave("c");
    await settle();
    assert.deepEqual(await stage.counts(), { a1: slotCount });
  });

  it("leads alone beside another Charm, which goes on at once when it is closed", async () => {
    const [one, other] = await Promise.all([stage.startCharm(), stage.startCharm()]);
    await settle(5000);
    assert.equal([one, other].filter(({ leads }) => leads).length, 1);
    assert.equal(stage.written().length, slotCount);
    const [leader, next] = one!.leads ? [one, other] : [other, one];
    await leader!.close();
    await stage.leave("b");
    await settle();
    assert.deepEqual([leader!.leads, next!.leads], [false, true]);
    assert.deepEqual(Object.keys(await stage.counts()).sort(), ["a1", "c1"]);
  });

  it("writes nothing once another leads, even before it hears of it", async () => {
    await stage.startCharm();
    await settle();
    stage.happened.length = 0;
    const usurp = { put: [{ key: charmLeaderKey, value: "another" }] };
    stage.interpose.beforeTransaction = async () => void (await stage.coordinator.transact(usurp));
    await stage.leave("b");
    await settle(60_000);
    assert.equal(stage.written().length, 0);
    assert(stage.happened.some(({ kind }) => kind === "refused"));
    await stage.coordinator.transact({ remove: [charmLeaderKey] });
    await settle();
    assert.deepEqual(Object.keys(await stage.counts()).sort(), ["a1", "c1"]);
  });

  it("fences nobody while another leads", async () => {
    await stage.coordinator.transact({ put: [{ key: charmLeaderKey, value: "another" }] });
    await stage.startCharm();
    await stage.leave("b");
    await settle(60_000);
    assert.deepEqual(stage.happened, []);
  });

  it("goes on where another left off", async () => {
    const first = await stage.startCharm();
    await settle();
    await first.close();
    await stage.leave("b");
    await settle(10_000);
    assert.equal(stage.written().length, slotCount);
    await stage.startCharm();
    await settle();
    assert.deepEqual(Object.keys(await stage.counts()).sort(), ["a1", "c1"]);
  });

  it("goes on once the coordinator answers again", async () => {
    const { transact } = stage.coordinator;
    stage.coordinator.transact = () => Promise.reject(new Error("no leader"));
    await stage.startCharm();
    await settle(10_000);
    assert.equal(stage.written().length, 0);
    stage.coordinator.transact = transact;
    await settle(2000);
    assert.equal(stage.written().length, slotCount);
  });

  it("stops in the middle when it is closed, twice, and does not start again", async () => {
    stage.fences.set("b1", () => Promise.reject(new Error("no quorum")));
    const charm = await stage.startCharm();
    await settle();
    await stage.leave("b");
    await settle();
    assert.equal(stage.watches, 6);
    await charm.close();
    assert.equal(stage.watches, 0);
    await charm.close();
    stage.happened.length = 0;
    await settle(10_000);
    assert.deepEqual(stage.happened, []);
    await assert.rejects(charm.start(), { code: "unavailable" });
  });
});

describe("Charm while others change the ring", () => {
  let stage: CharmStage;
  beforeEach(async () => {
    stage = new CharmStage();
    await stage.join("a", "a1");
  });
  afterEach(() => stage.close());

  const ownSlot = async (slot: number, memberId: string) => {
    const owner = { memberId, incarnation: `${memberId}1`, address: `${memberId}:1` };
    await stage.coordinator.transact({ put: [ownerEntry({ ...owner, slot, epoch: 1, cleanFrom: 1 })] });
  };

  it("writes nothing with epochs that somebody else overtook", async () => {
    const counter = { key: "epoch", value: "9000000000000" };
    stage.interpose.beforeTransaction = async () =>
      void (await stage.coordinator.transact({ put: [counter] }));
    await stage.startCharm();
    await stage.clock.pass(100);
    const epochs = (await stage.records()).map(({ epoch }) => epoch);
    assert.equal(epochs.length, slotCount);
    assert.equal(Math.min(...epochs), 9_000_000_000_001);
    assert.equal((await stage.coordinator.read("epoch"))[0]?.value, String(Math.max(...epochs)));
  });

  it("plans anew after a conflict that no watch tells of", async () => {
    await stage.startCharm();
    await stage.clock.pass(0);
    await stage.join("a", "a2");
    const counter = { key: "epoch", value: "9000000000000" };
    stage.interpose.beforeTransaction = async () =>
      void (await stage.coordinator.transact({ put: [counter] }));
    await stage.clock.pass(100);
    assert.deepEqual(await stage.counts(), { a2: slotCount });
  });

  it("replaces no record that it has not seen", async () => {
    await stage.join("b", "b1");
    stage.interpose.beforeTransaction = async () => {
      for (const slot of [0, 1, 2, 3]) await ownSlot(slot, "b");
    };
    await stage.startCharm();
    await stage.clock.pass(100);
    const records = await stage.records();
    assert.equal(records.length, slotCount);
    assert.deepEqual(
      records.slice(0, 4).map(({ epoch }) => epoch),
      [1, 1, 1, 1],
    );
  });

  it("takes no member for dead that joined and was given slots while it read", async () => {
    stage.interpose.afterRead = async () => {
      await stage.join("b", "b1");
      await ownSlot(9, "b");
    };
    await stage.startCharm();
    await stage.clock.pass(100);
    assert.deepEqual(
      stage.happened.filter(({ kind }) => kind === "fenced"),
      [],
    );
    assert.equal((await stage.records())[9]?.incarnation, "b1");
  });
});

/** No epoch is used twice, and each is higher than all drawn before. */
function assertTermsRise(stage: CharmStage): void {
  let last = 0;
  for (const { to } of stage.written()) {
    assert(to.epoch > last, `epoch ${to.epoch} after ${last}`);
    last = to.epoch;
  }
}

/** No slot goes from one incarnation to another before the first one's fence stands. */
function assertFencedFirst(stage: CharmStage): void {
  const fenced = new Set<string>();
  for (const one of stage.happened) {
    if (one.kind === "fenced") fenced.add(one.incarnation);
    if (one.kind === "written" && one.from) {
      assert(fenced.has(one.from.incarnation), `slot ${one.to.slot} taken from ${one.from.incarnation}`);
    }
  }
}
