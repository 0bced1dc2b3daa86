import assert from "node:assert/strict";
import { type Action, ada, bob, MessageStage, talk } from "./message-stage.js";

const remove = (messageId: number): Action => ({ $case: "delete", value: { messageId } });
const edit = (messageId: number, text: string): Action => ({ $case: "edit", value: { messageId, text } });

describe("a deleted message", () => {
  let stage: MessageStage;

  beforeEach(async () => {
    stage = new MessageStage();
    await stage.begin();
    await stage.give(ada, { $case: "join", value: { userIds: [bob] } });
  });

  /** All texts of the log as the store has it. */
  async function stored(): Promise<string> {
    const buckets = await stage.store.readBuckets(talk);
    const range = { channel: talk, from: 1, to: 10_000, limit: 10_000, bytesEnough: 1e9, downward: false };
    const rows = await Promise.all(buckets.map(({ bucket }) => stage.store.readRows({ ...range, bucket })));
    const annotations = await Promise.all(
      buckets.map(({ bucket }) => stage.store.readAnnotations({ ...range, bucket })),
    );
    const texts = rows.flat().map(({ event }) => new TextDecoder().decode(event));
    return JSON.stringify([texts, annotations]);
  }

  it("is deleted by its author only, and once", async () => {
    const { id } = await stage.post(ada, "secret");
    assert.equal(await stage.give(bob, remove(id)), "cant_delete_message");
    const place = await stage.give(ada, remove(id));
    assert.equal(await stage.give(ada, remove(id)), "message_not_found");
    assert.deepEqual(await stage.give(ada, remove(id), { firstAttempt: false }), place);
    assert.equal(await stage.give(bob, remove(id), { firstAttempt: false }), "message_not_found");
    assert.equal(await stage.give(ada, edit(id, "back")), "message_not_found");
    stage.takeOver();
    assert.equal(await stage.give(ada, edit(id, "back")), "message_not_found");
    assert.deepEqual(await stage.give(ada, remove(id), { firstAttempt: false }), place);
  });

  it("leaves nothing of its texts in the store, and keeps its place", async () => {
    const { id, seq } = await stage.post(ada, "secret one");
    for (const text of ["secret two", "secret three"]) await stage.give(ada, edit(id, text));
    assert.match(await stored(), /secret one.*secret three/);
    await stage.give(ada, remove(id));
    await stage.projected();
    assert.doesNotMatch(await stored(), /secret/);
    const [event] = await stage.events(seq, 1);
    assert.deepEqual(
      [event?.seq, event?.id, event?.author, event?.kind?.$case],
      [seq, id, ada, "messagePosted"],
    );
    const [message] = await stage.history();
    assert.deepEqual([message?.id, message?.deleted, message?.text], [id, true, ""]);
  });

  it("is erased by the next owner if its own did not get to it", async () => {
    const { id } = await stage.post(ada, "secret one");
    await stage.give(ada, edit(id, "secret two"));
    await stage.projected();
    stage.holdProjections();
    await stage.give(ada, remove(id));
    await stage.post(ada, "later");
    assert.match(await stored(), /secret one.*secret two/);
    stage.takeOver();
    await stage.projected();
    assert.doesNotMatch(await stored(), /secret/);
  });

  it("is hidden in every read before it is erased", async () => {
    const { id, seq } = await stage.post(ada, "secret");
    await stage.give(ada, edit(id, "secret two"));
    stage.holdProjections();
    await stage.give(ada, remove(id));
    const texts = async () => JSON.stringify(await stage.events(seq, 5));
    assert.doesNotMatch(await texts(), /secret/, "from memory");
    const post: Action = {
      $case: "post",
      value: { text: "x", clientMsgId: "", parentId: 0, broadcast: false },
    };
    await Promise.all(stage.giveAll(Array(600).fill({ author: ada, action: post })));
    assert.match(await stored(), /secret/);
    assert.doesNotMatch(await texts(), /secret/, "from the store");
    const value = { channelId: "", beforeSeq: seq + 1, limit: 10 };
    const answer = await stage.ask(bob, { $case: "history", value });
    assert.ok(answer.$case === "history");
    assert.deepEqual(
      answer.value.messages.map(({ deleted, text }) => [deleted, text]),
      [[true, ""]],
    );
  });

  it("is still known by its client_msg_id, but not by what it said", async () => {
    const value = { text: "secret", clientMsgId: "mine", parentId: 0, broadcast: false };
    const other = { ...value, text: "another" };
    const give = (post: typeof value) => stage.give(ada, { $case: "post", value: post }, retry);
    const retry = { firstAttempt: false };
    const place = await stage.give(ada, { $case: "post", value });
    assert.ok(typeof place === "object");
    assert.equal(await give(other), "client_msg_id_reused");
    const hashes = async () => {
      const [entry] = await stage.store.readBuckets(talk);
      const keys = await stage.store.findKeys(talk, entry!.bucket, ada, "mine");
      return keys.map(({ bodyHash }) => bodyHash.length);
    };
    assert.deepEqual(await hashes(), [16]);
    stage.holdProjections();
    await stage.give(ada, remove(place.id));
    assert.deepEqual([await give(value), await give(other)], [place, place], "from memory");
    stage.takeOver();
    assert.deepEqual([await give(value), await give(other)], [place, place], "found again");
    await stage.projected();
    // The owner after this one writes the last append again, key and all.
    stage.takeOver();
    assert.deepEqual([await give(value), await give(other)], [place, place], "erased");
    for (let i = 0; i < 1200; i++) await stage.post(ada, "later");
    stage.takeOver();
    assert.deepEqual([await give(value), await give(other)], [place, place], "looked up");
    assert.deepEqual(
      (await hashes()).filter((length) => length > 0),
      [],
    );
    assert.doesNotMatch(await stored(), /secret/);
  });

  it("is known by its client_msg_id alone, though the store still has what its post said", async () => {
    const value = { text: "secret", clientMsgId: "mine", parentId: 0, broadcast: false };
    const place = await stage.give(ada, { $case: "post", value });
    assert.ok(typeof place === "object");
    for (let i = 0; i < 1200; i++) await stage.post(ada, "later");
    stage.takeOver();
    stage.holdProjections();
    await stage.give(ada, remove(place.id));
    const other = { $case: "post", value: { ...value, text: "another" } } as const;
    assert.deepEqual(await stage.give(ada, other, { firstAttempt: false }), place);
  });
});
