import assert from "node:assert/strict";
import { ada, bob, general, OwnerStage } from "../owner-stage.js";

const cleo = "U00000000000C";
const user = (i: number) => `U${String(i).padStart(12, "0")}`;

describe("telling users of their memberships", () => {
  let stage: OwnerStage;
  /** Who is being told of what: the event's `seq`, whether they joined, and the user. */
  const told = () =>
    stage.tells.map(({ notice, user }) => `${notice.seq} ${notice.joined ? "+" : "-"}${user}`);
  /** Answers the notice that has waited longest. */
  const answer = async (stored = true) => {
    stage.tells.shift()?.done(stored, stage.clock.now());
    stage.clock.runTurn();
    await stage.settle();
  };
  const answerAll = async () => {
    while (stage.tells.length > 0) await answer();
  };
  const leave = (...userIds: string[]) => stage.command({ $case: "leave", value: { userIds } });
  const marks = () => stage.held("append").append?.rows.map(({ told }) => told);
  const write = async () => {
    while (stage.waiting.includes("append")) await stage.release("append", "confirm");
  };

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  it("follows the event's projection, one event after the other", async () => {
    assert.deepEqual(told(), [`2 +${ada}`]);
    await answer();
    assert.deepEqual(told(), [`3 +${bob}`]);
    await answer();
    leave(bob);
    await write();
    assert.deepEqual(told(), []);
    await stage.release("project");
    assert.deepEqual(told(), [`4 -${bob}`]);
    assert.equal(stage.tells[0]?.notice.channelId, general);
  });

  it("goes on until each of many users was told, few at a time", async () => {
    await answerAll();
    stage.join(Array.from({ length: 40 }, (_, i) => user(i)));
    await stage.settle();
    const all = new Set<string>();
    while (stage.tells.length > 0) {
      assert.ok(stage.tells.length <= 16, `${stage.tells.length} at a time`);
      for (const tell of stage.tells) all.add(tell.user);
      await answer();
    }
    assert.equal(all.size, 40);
  });

  it("is tried again after a while, and nothing overtakes it", async () => {
    await answer(false);
    assert.deepEqual(told(), []);
    stage.clock.advance(199);
    assert.deepEqual(told(), []);
    stage.clock.advance(1);
    assert.deepEqual(told(), [`2 +${ada}`]);
  });

  it("marks in the rows how far it has got", async () => {
    stage.post("nobody was told");
    assert.deepEqual(marks(), [1]);
    await stage.settle();
    await answer();
    stage.post("Ada was");
    assert.deepEqual(marks(), [2]);
    await stage.settle();
    await answer();
    stage.post("all were");
    assert.deepEqual(marks(), [5]);
  });

  it("is taken up by the next owner, for each user the latest change", async () => {
    await answer();
    stage.join([cleo]);
    await stage.settle();
    leave(bob);
    await stage.settle();
    const { memory, clock } = stage;
    stage = new OwnerStage({ memory, clock, epoch: 6 });
    stage.post("found anew");
    await stage.settle();
    assert.deepEqual(told(), [`4 +${cleo}`]);
    await answer();
    assert.deepEqual(told(), [`5 -${bob}`]);
    await answer();
    stage.post("all were told");
    await stage.settle();
    stage = new OwnerStage({ memory, clock, epoch: 7 });
    stage.post("nothing is left");
    await stage.settle();
    assert.deepEqual(told(), []);
  });

  it("holds back changes of membership when it is far behind, and never posts", async () => {
    for (let i = 0; i < 255; i++) {
      stage.join([user(i)]);
      await stage.settle();
    }
    const late = stage.join([cleo]);
    const post = stage.post("on we go");
    await stage.settle();
    assert.deepEqual([stage.answer(late), stage.answer(post)], [undefined, 259]);
    assert.equal(stage.owner.waitingCommands, 1);
    await answer();
    assert.equal(stage.answer(late), 260);
  });

  it("refuses what it held back when the channel goes to another owner", async () => {
    for (let i = 0; i < 255; i++) {
      stage.join([user(i)]);
      await stage.settle();
    }
    const late = stage.join([cleo]);
    stage.own(general, { incarnation: "another", epoch: 6 });
    assert.equal(stage.answer(late), "not_owner");
    stage.tells[0]?.done(true, stage.clock.now());
    assert.equal(stage.tells.length, 1);
  });
});
