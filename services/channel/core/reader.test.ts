import assert from "node:assert/strict";
import { ConversationType } from "../../../gen/confab/v1/types.js";
import { ada, type general, OwnerStage, other } from "../owner-stage.js";
import type { ReadOutcome } from "./answers.js";

describe("reads", () => {
  let stage: OwnerStage;
  const stranger = "U00000000000X";

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  function pageOf(answers: ReadOutcome[]): { seqs: number[]; newest: number | undefined } {
    const [answer] = answers;
    assert.ok(answer && "page" in answer, JSON.stringify(answers));
    const { events, newest } = answer.page;
    return { seqs: events.map(({ seq }) => seq), newest: newest?.seq };
  }

  function refusalOf(answers: ReadOutcome[]) {
    const [answer] = answers;
    assert.ok(answer && "refusal" in answer, JSON.stringify(answers));
    return answer.refusal.code;
  }

  const seqs = async (request: Parameters<OwnerStage["read"]>[0]) => {
    const answers = stage.read(request);
    await stage.settle();
    return pageOf(answers).seqs;
  };

  it("wait for a confirm that began after the request", async () => {
    const first = stage.read();
    const second = stage.read();
    assert.equal(stage.waiting, "confirm");
    await stage.release("confirm");
    assert.deepEqual([first.length, second.length, stage.waiting], [1, 0, "confirm"]);
    await stage.release("confirm");
    assert.deepEqual(pageOf(second), { seqs: [1, 2, 3], newest: 3 });
  });

  it("are not answered when the confirm finds a fence", async () => {
    const answers = stage.read();
    await stage.memory.fence(stage.incarnation);
    await stage.release("confirm");
    assert.deepEqual([stage.ended, answers], [["fenced"], []]);
    stage.owner.close();
    assert.equal(refusalOf(answers), "not_owner");
  });

  it("go up and down from a place, no further than asked", async () => {
    for (let i = 0; i < 7; i++) stage.post("x");
    await stage.settle();
    assert.deepEqual(await seqs({ fromSeq: 0, limit: 3 }), [1, 2, 3]);
    assert.deepEqual(await seqs({ fromSeq: 8, limit: 3 }), [9, 10]);
    assert.deepEqual(await seqs({ fromSeq: 10, limit: 3 }), []);
    assert.deepEqual(await seqs({ fromSeq: 99, limit: 3 }), []);
    assert.deepEqual(await seqs({ downward: true, limit: 3 }), [10, 9, 8]);
    assert.deepEqual(await seqs({ downward: true, fromSeq: 3, limit: 3 }), [2, 1]);
    assert.deepEqual(await seqs({ downward: true, fromSeq: 1, limit: 3 }), []);
    assert.deepEqual(await seqs({ downward: true, fromSeq: 99, limit: 2 }), [10, 9]);
    assert.deepEqual(await seqs({ limit: 0 }), [1]);
  });

  it("give at most 1,000 events, from the store where memory does not reach", async () => {
    for (let i = 0; i < 1200; i++) stage.post("x");
    await stage.settle();
    const answers = stage.read({ limit: 5000 });
    assert.equal(stage.waiting, "confirm readPage", "side by side");
    await stage.release("readPage");
    assert.equal(answers.length, 0);
    await stage.release("confirm");
    const { seqs: found, newest } = pageOf(answers);
    assert.deepEqual([found.length, found[0], found.at(-1), newest], [1000, 1, 1000, 1203]);
    assert.equal((await seqs({ limit: 5000, downward: true })).at(-1), 204);
  });

  it("take the newest 512 events from memory", async () => {
    for (let i = 0; i < 1200; i++) stage.post("x");
    await stage.settle();
    stage.read({ downward: true, limit: 512 });
    assert.equal(stage.waiting, "confirm");
    stage.read({ downward: true, limit: 513 });
    assert.equal(stage.waiting, "confirm readPage");
  });

  it("end at the tail of the time of the request, which they name", async () => {
    const answers = stage.read();
    stage.post("later");
    await stage.settle();
    assert.deepEqual(pageOf(answers), { seqs: [1, 2, 3], newest: 3 });
  });

  it("show nothing that is not confirmed", async () => {
    stage.post("appended");
    await stage.release("append");
    const answers = stage.read();
    await stage.settle();
    assert.deepEqual(pageOf(answers), { seqs: [1, 2, 3], newest: 3 });
  });

  it("are refused once when the store does not answer", async () => {
    for (let i = 0; i < 1200; i++) stage.post("x");
    await stage.settle();
    const answers = stage.read();
    await stage.fail("readPage", "unknown");
    await stage.release("confirm");
    assert.deepEqual([refusalOf(answers), answers.length], ["unavailable", 1]);
  });

  it("are refused to others than members, except where the channel is public", async () => {
    assert.equal(refusalOf(stage.read({ reader: stranger })), "not_in_channel");
    stage.create({ channelId: other }, ConversationType.CONVERSATION_TYPE_PUBLIC);
    await stage.settle();
    assert.deepEqual(await seqs({ channelId: other, reader: stranger }), [1, 2]);
  });

  it("of a channel that nobody created are refused, except of one's own", async () => {
    const nowhere = stage.read({ channelId: other });
    await stage.settle();
    assert.equal(refusalOf(nowhere), "channel_not_found");
    const own = "U0000000000AD";
    stage.own(own as typeof general, {});
    assert.deepEqual(await seqs({ channelId: own, reader: own }), []);
    const others = stage.read({ channelId: own, reader: ada });
    await stage.settle();
    assert.equal(refusalOf(others), "channel_not_found");
  });

  it("are refused by an owner that lacks an event that the reader knows of", async () => {
    assert.equal(refusalOf(stage.read({ minSeq: 4 })), "not_owner");
    const answers = stage.read({ minSeq: 3 });
    await stage.settle();
    assert.equal(pageOf(answers).newest, 3);
  });
});
