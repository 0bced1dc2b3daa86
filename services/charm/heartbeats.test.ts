import assert from "node:assert/strict";
import { CharmStage } from "./charm-stage.js";
import type { StageMember } from "./stage-member.js";

describe("Charm and signs of life", () => {
  let stage: CharmStage;
  let members: Record<"a" | "b" | "c", StageMember>;
  beforeEach(async () => {
    stage = new CharmStage();
    members = {
      a: await stage.join("a", "a1"),
      b: await stage.join("b", "b1"),
      c: await stage.join("c", "c1"),
    };
  });
  afterEach(() => stage.close());
  const pass = (ms: number) => stage.clock.pass(ms);
  const owners = async () => Object.keys(await stage.counts()).sort();

  it("fences a member whose process is gone within a beat or two, long before its lease ends", async () => {
    await stage.startCharm();
    await pass(1000);
    await members.b.die();
    await pass(200);
    assert.deepEqual(await owners(), ["a1", "c1"]);
  });

  it("fences one that hangs after a second, and not before", async () => {
    await stage.startCharm();
    await pass(1000);
    members.b.silent = true;
    await pass(900);
    assert.deepEqual(await owners(), ["a1", "b1", "c1"]);
    await pass(300);
    assert.deepEqual(await owners(), ["a1", "c1"]);
  });

  it("tells a fenced member that lives, so that it begins another life", async () => {
    await stage.startCharm();
    members.b.silent = true;
    await pass(1500);
    assert.equal(members.a.toldFenced, 0);
    assert.ok(members.b.toldFenced > 0);
    await stage.join("b", "b2");
    await pass(1500);
    assert.equal(stage.members.get("b")?.toldFenced, 0);
  });

  it("fences who was replaced by another life at its address, registered or not", async () => {
    await stage.startCharm();
    await pass(1000);
    await stage.join("b", "b2");
    await stage.leave("b");
    await pass(500);
    assert.deepEqual(await owners(), ["a1", "c1"]);
  });

  it("resigns when more than half are silent, fences none, and goes on when they speak again", async () => {
    const charm = await stage.startCharm();
    await pass(1000);
    members.a.silent = true;
    members.b.silent = true;
    await pass(1300);
    assert.equal(charm.leads, false);
    assert.deepEqual(await owners(), ["a1", "b1", "c1"]);
    members.a.silent = false;
    members.b.silent = false;
    await pass(10_000);
    assert.equal(charm.leads, true);
    assert.deepEqual(await owners(), ["a1", "b1", "c1"]);
  });

  it("lets another lead that may hear them", async () => {
    const first = await stage.startCharm();
    await pass(0);
    const second = await stage.startCharm();
    await pass(1000);
    members.a.silent = true;
    members.b.silent = true;
    await pass(1300);
    assert.deepEqual([first.leads, second.leads], [false, true]);
  });

  it("gives a member no slots while its clock is more than 500 ms off", async () => {
    await stage.leave("c");
    await stage.startCharm();
    await pass(0);
    const skewed = await stage.join("c", "c2");
    skewed.offsetMs = 501;
    await pass(500);
    await members.b.die();
    await pass(500);
    assert.deepEqual(await owners(), ["a1"]);
    skewed.offsetMs = 499;
    await pass(500);
    await stage.join("b", "b2");
    await members.a.die();
    await pass(500);
    assert.deepEqual(await owners(), ["b2", "c2"]);
  });

  it("gives a member no slots before it is heard for the first time", async () => {
    await stage.leave("c");
    await stage.startCharm();
    await pass(0);
    const dumb = await stage.join("c", "c2");
    dumb.silent = true;
    await pass(200);
    await members.b.die();
    await pass(300);
    assert.deepEqual(await owners(), ["a1"]);
  });

  it("asks nobody before it leads and after it is closed", async () => {
    const first = await stage.startCharm();
    await pass(0);
    await stage.startCharm("second");
    await pass(500);
    const asked = members.a.asked;
    assert.ok(asked >= 4 && asked <= 5, `${asked}`);
    await first.close();
    await pass(500);
    assert.ok(members.a.asked > asked);
    await stage.close();
    const last = members.a.asked;
    await pass(1000);
    assert.equal(members.a.asked, last);
  });
});
