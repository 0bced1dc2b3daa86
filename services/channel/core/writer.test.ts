import assert from "node:assert/strict";
import { ada, bob, general, OwnerStage, other } from "../owner-stage.js";

describe("writing", () => {
  let stage: OwnerStage;
  const shown = () =>
    stage
      .down()
      .map(({ item }) => item)
      .filter((item) => item?.$case === "delivery")
      .map(({ value }) => value.seq);
  const appended = () => stage.held("append").append!.rows.map(({ seq }) => seq);

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
    stage.attach();
  });

  it("answers and shows an event once it was appended and a confirm that began later has ended", async () => {
    const number = stage.post("hello");
    assert.equal(stage.waiting, "append");
    await stage.release("append");
    assert.equal(stage.waiting, "confirm");
    assert.deepEqual([stage.answer(number), shown()], [undefined, []]);
    await stage.release("confirm");
    assert.deepEqual([stage.answer(number), shown()], [4, [4]]);
  });

  it("does not count a confirm that began before the append ended", async () => {
    stage.read();
    const number = stage.post("hello");
    assert.equal(stage.waiting, "confirm append");
    await stage.release("append");
    assert.equal(stage.waiting, "confirm", "one confirm at a time");
    await stage.release("confirm");
    assert.deepEqual([stage.answer(number), shown(), stage.waiting], [undefined, [], "confirm"]);
    await stage.release("confirm");
    assert.deepEqual([stage.answer(number), shown()], [4, [4]]);
  });

  it("keeps one append in flight until it is confirmed; what waits goes as the next one", async () => {
    const first = stage.post("first");
    const rest = [stage.post("second"), stage.post("third", { author: bob })];
    assert.deepEqual([stage.waiting, appended()], ["append", [4]]);
    await stage.release("append");
    assert.equal(stage.waiting, "confirm");
    await stage.release("confirm");
    assert.deepEqual([stage.waiting, appended()], ["append", [5, 6]]);
    assert.deepEqual(
      stage.held("append").append?.rows.map(({ first, last }) => [first, last]),
      [
        [5, 6],
        [5, 6],
      ],
    );
    await stage.settle();
    assert.deepEqual(
      [first, ...rest].map((number) => stage.answer(number)),
      [4, 5, 6],
    );
    assert.deepEqual(shown(), [4, 5, 6]);
  });

  it("appends at most 256 rows at a time", async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => stage.post(`message ${i}`));
    await stage.release("append", "confirm");
    assert.deepEqual([appended().length, appended()[0]], [256, 5]);
    await stage.release("append", "confirm");
    assert.equal(appended().length, 43);
    await stage.settle();
    assert.deepEqual(
      numbers.map((number) => stage.answer(number)),
      numbers.map((_, i) => i + 4),
    );
  });

  it("appends at most 1 MiB at a time", async () => {
    stage.post("small");
    const text = "x".repeat(40_000);
    for (let i = 0; i < 30; i++) stage.post(text);
    await stage.release("append", "confirm");
    const { rows } = stage.held("append").append!;
    const bytes = rows.reduce((sum, row) => sum + row.event.byteLength, 0);
    assert.ok(bytes <= 1024 * 1024, `${bytes} bytes`);
    assert.ok(bytes > 512 * 1024, `${bytes} bytes`);
    await stage.settle();
    assert.equal(shown().length, 31);
  });

  it("does not let channels wait for each other", async () => {
    await stage.found(other);
    const slow = stage.post("slow");
    const quick = stage.post("quick", { channelId: other });
    await stage.held("append", other).release();
    await stage.release("confirm");
    assert.deepEqual([stage.answer(slow), stage.answer(quick)], [undefined, 4]);
    const next = stage.post("next", { channelId: other });
    await stage.held("append", other).release();
    await stage.held("append", general).release();
    assert.equal(stage.waiting, "confirm", "one confirm at a time for all channels");
    await stage.settle();
    assert.deepEqual([stage.answer(slow), stage.answer(next)], [4, 5]);
  });

  it("gives events the microsecond as id, and one more than the last if that is not later", async () => {
    stage.clock.advance(1000);
    const one = stage.post("one");
    const two = stage.post("two");
    await stage.settle();
    assert.equal(stage.position(one).id, stage.clock.now() * 1000);
    assert.equal(stage.position(two).id, stage.clock.now() * 1000 + 1);
  });

  it("ends a batch with a change of membership, so that what follows is decided on it", async () => {
    stage.post("keeps the store busy");
    const cleo = "U00000000000C";
    const early = stage.post("not yet", { author: cleo });
    const join = stage.join([cleo]);
    const late = stage.post("now", { author: cleo });
    await stage.release("append", "confirm", "confirm");
    assert.deepEqual([stage.answer(early), appended()], ["not_in_channel", [5]]);
    await stage.release("append", "confirm");
    assert.deepEqual([stage.answer(join), appended()], [5, [6]]);
    await stage.settle();
    assert.equal(stage.answer(late), 6);
  });

  it("counts top-level messages in the rows", async () => {
    const top = stage.post("top");
    await stage.settle();
    const { id: parentId } = stage.position(top);
    stage.post("reply", {}, "", { parentId });
    stage.post("top again");
    await stage.release("findMessage");
    assert.deepEqual(
      stage.held("append").append?.rows.map(({ messages }) => messages),
      [1, 2],
    );
  });

  it("refuses what nobody may wish, and writes nothing", async () => {
    const nowhere = { channelId: other };
    const early = stage.post("nobody made this channel", nowhere);
    await stage.settle();
    assert.equal(stage.answer(early), "channel_not_found");
    const join = stage.join([ada], nowhere);
    await stage.settle();
    assert.equal(stage.answer(join), "channel_not_found");
    const stranger = { author: "U00000000000X" };
    const refused = [stage.post("stranger", stranger), stage.join(["U00000000000Y"], stranger)];
    refused.push(stage.command(undefined));
    assert.equal(stage.waiting, "confirm", "one confirm at a time");
    await stage.settle();
    const codes = ["not_in_channel", "not_in_channel", "invalid_argument"];
    assert.deepEqual(
      refused.map((number) => stage.answer(number)),
      codes,
    );
    assert.equal(stage.answer(stage.post("nowhere", { channelId: "general" })), "invalid_id");
  });

  it("refuses only once a confirm that began later has ended: a successor may have allowed it", async () => {
    const refused = stage.post("stranger", { author: "U00000000000X" });
    assert.deepEqual([stage.answer(refused), stage.waiting], [undefined, "confirm"]);
    await stage.fail("confirm", "fenced");
    stage.owner.close();
    stage.clock.runTurn();
    assert.deepEqual([stage.ended, stage.answer(refused)], [["fenced"], "not_owner"]);
  });

  it("creates a channel once; again by its creator is answered alike, by others refused", async () => {
    const first = stage.create({ channelId: other });
    const meanwhile = stage.create({ channelId: other });
    const rival = stage.create({ channelId: other, author: bob });
    await stage.settle();
    const later = stage.create({ channelId: other });
    await stage.release("confirm");
    assert.equal(stage.answer(first), 1);
    assert.deepEqual([stage.answer(meanwhile), stage.answer(later)], [2, 2]);
    assert.equal(stage.answer(rival), "name_taken");
    assert.equal(stage.waiting, "");
  });

  it("answers a join of members with the place of their joining and writes nothing", async () => {
    const again = stage.join([ada]);
    await stage.release("confirm");
    assert.deepEqual([stage.answer(again), stage.waiting], [2, ""]);
  });

  it("does not write what waited beyond its deadline", async () => {
    stage.post("keeps the store busy");
    const deadlineUs = (stage.clock.now() + 50) * 1000;
    const late = stage.post("late", { deadlineUs });
    const patient = stage.post("patient", { deadlineUs: deadlineUs + 100_000 });
    stage.clock.advance(51);
    await stage.release("append", "confirm");
    assert.deepEqual([stage.answer(late), appended()], ["deadline_exceeded", [5]]);
    await stage.settle();
    assert.equal(stage.answer(patient), 5);
  });

  it("takes 8,192 waiting commands of a channel and refuses more", async () => {
    stage.post("in flight");
    const numbers = Array.from({ length: 8192 }, () => stage.post("waits"));
    assert.equal(stage.answer(numbers.at(-1)!), undefined);
    const refused = stage.post("too much");
    assert.equal(stage.answer(refused), "overloaded");
    await stage.settle();
    assert.equal(stage.answer(numbers.at(-1)!), 4 + 8192);
  });

  it("takes 32 Mi of waiting text of a channel and refuses more", async () => {
    stage.post("in flight");
    const text = "x".repeat(1024 * 1024);
    for (let i = 0; i < 33; i++) assert.equal(stage.answer(stage.post(text)), undefined);
    assert.equal(stage.answer(stage.post("too much")), "overloaded");
  });
});
