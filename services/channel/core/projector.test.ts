import assert from "node:assert/strict";
import { ada, bob, general, OwnerStage } from "../owner-stage.js";

const cleo = "U00000000000C";

describe("projections", () => {
  let stage: OwnerStage;
  const members = async () => (await stage.memory.readMembers(general)).map(({ user }) => user);
  /** Lets the log go on while projections wait. */
  const write = async () => {
    while (stage.waiting.includes("append")) await stage.release("append", "confirm");
  };

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  /** Who joined by the events that are being carried, with their places. */
  const carried = () =>
    stage
      .held("project")
      .work?.events.flatMap(({ event: { seq, kind } }) =>
        kind?.$case === "membersJoined" ? kind.value.userIds.map((user) => [seq, user] as const) : [],
      );

  it("write who is a member since which event, once that is confirmed", async () => {
    const number = stage.join([cleo]);
    await stage.release("append");
    assert.equal(stage.waiting, "confirm");
    await stage.release("confirm");
    const { seq } = stage.position(number);
    assert.deepEqual(carried(), [[seq, cleo]]);
    await stage.release("project");
    assert.deepEqual(await members(), [ada, bob, cleo]);
  });

  it("are tried again until they are done, with those that came meanwhile, in order", async () => {
    stage.join([cleo]);
    stage.join(["U00000000000D"]);
    await write();
    assert.equal(stage.waiting, "project");
    await stage.fail("project", "unknown");
    stage.clock.advance(199);
    assert.equal(stage.waiting, "");
    stage.clock.advance(1);
    assert.deepEqual(
      carried()?.map(([, user]) => user),
      [cleo, "U00000000000D"],
    );
    await stage.release("project");
    assert.equal(stage.waiting, "");
  });

  it("mark in the rows how far they have got", async () => {
    const projected = () => stage.held("append").append?.rows.map((row) => row.projected);
    stage.post("all done");
    assert.deepEqual(projected(), [3]);
    await stage.settle();
    stage.join([cleo]);
    await stage.release("append", "confirm");
    stage.post("waits for nothing");
    assert.deepEqual(projected(), [4]);
    await stage.release("append", "confirm", "project");
    stage.post("done again");
    assert.deepEqual(projected(), [6]);
  });

  it("hold writes up while over 1,000 events are not projected", async () => {
    stage.join([cleo]);
    for (let i = 0; i < 1000; i++) stage.post("x");
    await write();
    const behind = stage.post("one too many");
    assert.equal(stage.waiting, "project");
    await stage.release("project");
    assert.equal(stage.waiting, "append");
    await stage.settle();
    assert.equal(stage.answer(behind), 1005);
  });
});
