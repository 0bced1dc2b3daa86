import assert from "node:assert/strict";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { bob, general, OwnerStage, other } from "../owner-stage.js";

const third = "C000000000003" as ChannelId;
const idleMs = 60_000;
const bounds = { activeBounds: { max: 2, idleMs } };
/** Longer than a newest event waits to be said again. */
const quietMs = 7000;

describe("the channels that an owner keeps in memory", () => {
  let stage: OwnerStage;

  beforeEach(async () => {
    stage = new OwnerStage(bounds);
    stage.own(third, {});
    await stage.found();
    stage.clock.advance(quietMs);
  });

  const post = async (channelId = general, changes = {}, id = "") => {
    const number = stage.post("hello", { channelId, ...changes }, id);
    await stage.settle();
    return number;
  };
  const isActive = () => stage.owner.activeChannels > 0;
  const evict = () => {
    stage.clock.advance(idleMs + quietMs);
    assert.equal(isActive(), false);
  };
  const said = (link?: number) =>
    stage.down(link).map(({ alias, item }) => {
      if (item?.$case === "delivery") return `${alias} delivery ${item.value.seq}`;
      if (item?.$case === "newest") return `${alias} newest ${item.value.seq}`;
      return `${alias} ${item?.$case}`;
    });

  it("leave it when nobody has used them for the idle time, and come back on the next use", async () => {
    stage.clock.advance(idleMs - quietMs - 1000);
    assert.equal(isActive(), true);
    stage.clock.advance(2000);
    assert.equal(isActive(), false);
    const number = stage.post("hello", { author: bob });
    assert.equal(stage.waiting, "find");
    await stage.settle();
    assert.deepEqual([stage.answer(number), stage.owner.activeChannels], [4, 1]);
  });

  it("are at most so many, the least recently used go first", async () => {
    await stage.found(other);
    stage.clock.advance(quietMs);
    stage.read();
    await stage.settle();
    await stage.found(third);
    assert.equal(stage.owner.activeChannels, 2);
    stage.read();
    assert.doesNotMatch(stage.waiting, /find/);
    stage.read({ channelId: other });
    assert.match(stage.waiting, /find/);
  });

  it("reach gateways under the same alias after it, and say where they are", async () => {
    stage.attach();
    evict();
    await post();
    assert.deepEqual(said(), ["1 attached", "1 newest 3", "1 delivery 4"]);
    stage.attach();
    stage.clock.advance(quietMs);
    assert.deepEqual(said().slice(3), ["1 attached", "1 newest 4"]);
  });

  it("are not found again only to be detached, and are detached all the same", async () => {
    stage.attach();
    evict();
    stage.wish({ $case: "detach", value: {} });
    assert.deepEqual([isActive(), stage.waiting], [false, ""]);
    await post();
    assert.deepEqual(said(), ["1 attached"]);
  });

  it("are detached after an attachment that waits for them", async () => {
    evict();
    stage.attach();
    stage.wish({ $case: "detach", value: {} });
    await post();
    assert.deepEqual(said(), ["1 attached"]);
  });

  it("are told to gateways when their slot goes, though they are not in memory", async () => {
    stage.attach();
    evict();
    stage.own(general, { incarnation: "life-of-two", epoch: 6 });
    assert.deepEqual(said(), ["1 attached", "0 detached"]);
  });

  it("take reads of what was posted before", async () => {
    await post(general, {}, "m1");
    evict();
    const [answer] = [stage.read()];
    await stage.settle();
    assert.ok(answer[0] && "page" in answer[0]);
    assert.deepEqual(
      answer[0].page.events.map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
  });
});

describe("a channel at work stays in memory", () => {
  let stage: OwnerStage;

  beforeEach(async () => {
    stage = new OwnerStage(bounds);
    await stage.found();
  });

  const stays = async (end: () => Promise<void>) => {
    stage.clock.advance(3 * idleMs);
    assert.equal(stage.owner.activeChannels, 1);
    await end();
    stage.clock.advance(10_000_000);
    assert.equal(stage.owner.activeChannels, 0);
  };
  const settle = () => stage.settle();

  it("while an append is not confirmed", async () => {
    stage.post("hello");
    await stays(settle);
  });

  it("while events are not projected", async () => {
    stage.join(["U00000000000C"]);
    await stage.release("append", "confirm");
    assert.equal(stage.waiting, "project");
    await stays(settle);
  });

  it("while somebody reads, asks or is being judged by a gateway", async () => {
    stage.read();
    await stays(settle);
    stage.wish({ $case: "ask", value: { userId: bob } });
    await stage.release("find");
    await stays(settle);
    const question = { $case: "members" as const, value: { limit: 10, pageToken: "" } };
    const request = { channelId: general, epoch: 5, reader: bob, minSeq: 0, question };
    const answers: unknown[] = [];
    stage.owner.ask(request as never, stage.clock.now(), (answer) => answers.push(answer));
    await stage.release("find");
    await stays(settle);
    assert.equal(answers.length, 1);
  });

  it("while its rate holds it back", async () => {
    stage = new OwnerStage({ ...bounds, channelRate: { perSecond: 0.001, burst: 5 } });
    await stage.found();
    stage.post("hello");
    await stage.settle();
    await stays(async () => {});
  });

  it("while its newest event is still to be said again, and who typed is not to be heard", async () => {
    stage = new OwnerStage({ activeBounds: { max: 1, idleMs: 1000 } });
    await stage.found();
    stage.clock.advance(4000);
    assert.equal(stage.owner.activeChannels, 1);
    stage.type();
    stage.clock.advance(2000);
    assert.equal(stage.owner.activeChannels, 1);
    stage.clock.advance(4000);
    assert.equal(stage.owner.activeChannels, 0);
  });
});

describe("ids that are nobody's", () => {
  it("leave memory as soon as they are answered", async () => {
    const stage = new OwnerStage();
    stage.own(other, {});
    for (let round = 0; round < 20; round++) {
      const number = stage.post("hello", { channelId: other }, "m1");
      stage.type({ channelId: other });
      const answers = stage.read({ channelId: other });
      stage.attach(2, { channelId: other });
      stage.wish({ $case: "ask", value: { userId: bob } }, { channelId: other });
      await stage.settle();
      assert.deepEqual([stage.answer(number), answers.length], ["channel_not_found", 1]);
      assert.equal(stage.owner.activeChannels, 0);
    }
    await stage.found(other);
    const items = stage.down().map(({ alias, item }) => `${alias} ${item?.$case}`);
    assert.deepEqual(items.slice(-2), ["1 delivery", "1 delivery"]);
  });

  it("are bounded by what is asked at a time", async () => {
    const stage = new OwnerStage();
    const ids = Array.from({ length: 2000 }, (_, i) => `C${String(i).padStart(12, "0")}` as ChannelId);
    for (const channelId of ids) stage.own(channelId, {});
    for (let from = 0; from < ids.length; from += 100) {
      for (const channelId of ids.slice(from, from + 100)) stage.read({ channelId });
      assert.equal(stage.owner.activeChannels, 100);
      await stage.settle();
      assert.equal(stage.owner.activeChannels, 0);
    }
  });
});

describe("a first attempt after an eviction", () => {
  let stage: OwnerStage;

  beforeEach(async () => {
    stage = new OwnerStage({ activeBounds: { max: 2, idleMs: 1000 } });
    await stage.found();
  });

  const evict = () => {
    stage.clock.advance(quietMs);
    assert.equal(stage.owner.activeChannels, 0);
  };

  it("is looked up while it may be forgotten: a frame that comes late is no second post", async () => {
    const deadlineUs = (stage.clock.now() + 60_000) * 1000;
    const first = stage.post("hello", { deadlineUs }, "m1");
    await stage.settle();
    for (let i = 0; i < 1200; i++) stage.post(`message ${i}`, {}, `other ${i}`);
    await stage.settle();
    evict();
    const again = stage.post("hello", { deadlineUs }, "m1");
    await stage.release("find");
    assert.equal(stage.waiting, "findKey");
    await stage.settle();
    assert.deepEqual([stage.answer(first), stage.answer(again)], [4, 4]);
  });

  it("costs no look-up once everything that was forgotten is older than it can be", async () => {
    stage.post("hello", {}, "m1");
    await stage.settle();
    evict();
    stage.clock.advance(120_000);
    stage.post("hello again", {}, "m2");
    await stage.release("find");
    assert.equal(stage.waiting, "append");
    await stage.settle();
    const retry = stage.post("hello", { firstAttempt: false }, "m1");
    await stage.settle();
    assert.equal(stage.answer(retry), 4);
  });
});
