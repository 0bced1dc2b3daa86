import assert from "node:assert/strict";
import { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import type { Store } from "../../../lib/store/store.js";
import { general } from "../../../services/channel/owner-stage.js";
import { appendOf, Row, type Scenario, until } from "./scenario.js";

const cleo = "U00000000000C";
const messageCount = 8;
/** 256 reactions in all, no more different ones on a message than there may be. */
const emojiCount = 32;

async function bucketOf(store: Store, channel: ChannelId): Promise<number> {
  return (await store.readBuckets(channel))[0]!.bucket;
}

/** Of two owners whose clocks are 3 s apart, each edits the same message by an event of the same id. */
export const equalIds: Scenario = {
  name: "shows the edit that is in the log, not one of the same id that never was",
  without: "projection-before-confirm",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5, 3000);
    await first.found();
    const message = first.post("as it was");
    await first.settle();
    const { seq, id: messageId } = first.position(message);
    const edit = (text: string) => ({ $case: "edit", value: { messageId, text } }) as const;
    first.command(edit("z: never in the log"));
    const lost = await until(first, ({ name, append }) => name === "append" && append?.rows[0]?.seq === 5);
    await row.lose(first, lost, 0);
    for (const held of first.store.held.filter(({ name }) => name === "project")) await held.release();
    row.cluster.set({ reads: [1, 2] });
    const second = row.owner(6);
    const edited = second.command(edit("a: in the log"));
    await second.settle();
    assert.equal(second.position(edited).id, lost.append?.rows[0]?.id, "the ids are equal");
    const store = row.cluster.open();
    const place = { channel: general, bucket: await bucketOf(store, general), from: seq, to: seq };
    assert.deepEqual(
      (await store.readAnnotations(place)).map(({ value }) => value),
      ["a: in the log"],
    );
  },
};

/** A projection of a replaced owner is sent again after its successor has projected a newer change. */
export const lateProjection: Scenario = {
  name: "keeps a membership ended when an older projection of it comes again",
  without: "driver-timestamps",
  promise: "G6",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    first.join([cleo]);
    await first.release("append", "confirm");
    await row.lose(first, first.held("project"), 0);
    const second = row.owner(6);
    second.command({ $case: "leave", value: { userIds: [cleo] } });
    await second.settle();
    first.clock.advance(1000);
    await first.settle();
    const members = await row.cluster.open().readMembers(general);
    assert.equal(members.find(({ user }) => user === cleo)?.member, false);
  },
};

/** A message is deleted by an owner whose clock is behind that of the one who wrote it. */
export const erasureBehind: Scenario = {
  name: "erases a message by a clock that is behind the one that it was written by",
  without: "ids-by-the-clock-alone",
  promise: "erasure",
  run: async () => {
    const row = new Row();
    const first = row.owner(5, 3000);
    await first.found();
    const secret = first.post("secret");
    await first.settle();
    const { seq, id: messageId } = first.position(secret);
    const second = row.owner(6);
    second.command({ $case: "delete", value: { messageId } });
    await second.settle();
    const store = row.cluster.open();
    const place = { channel: general, bucket: await bucketOf(store, general), from: seq, to: seq };
    const range = { ...place, limit: 100, bytesEnough: Number.POSITIVE_INFINITY, downward: false };
    for (const { event } of await store.readRows(range)) {
      const { kind } = Event.decode(event);
      assert.equal(kind?.$case === "messagePosted" && kind.value.text, "");
    }
  },
};

/** An owner dies when it has appended 256 reactions at once and projected none of them. */
export const manyReactions: Scenario = {
  name: "projects 256 reactions whose owner died before it could",
  without: "unprojected-forgotten",
  promise: "G1",
  run: async () => {
    const row = new Row();
    const first = row.owner(5);
    await first.found();
    const posts = Array.from({ length: messageCount }, (_, i) => first.post(`message ${i}`));
    await first.settle();
    const messages = posts.map((number) => first.position(number).id);
    // What has been reacted to is known: so the rest need not be looked for, one message after another.
    const react = (messageId: number, emoji: string) =>
      first.command({ $case: "react", value: { messageId, emoji } });
    for (const messageId of messages) react(messageId, "first");
    await first.settle();
    first.post("keeps the store busy");
    const busy = await until(first, appendOf("keeps the store busy"));
    for (const messageId of messages) {
      for (let i = 0; i < emojiCount; i++) react(messageId, `emoji${i}`);
    }
    await busy.release();
    const isLarge = ({ name, append }: { name: string; append?: { rows: readonly object[] } }) =>
      name === "append" && append?.rows.length === 256;
    await (await until(first, isLarge)).release();
    await first.release("confirm");
    const second = row.owner(6);
    await row.log(second);
    await second.settle();
    const store = row.cluster.open();
    const place = { channel: general, bucket: await bucketOf(store, general) };
    const found = await store.readAnnotations({ ...place, from: 1, to: Number.MAX_SAFE_INTEGER });
    assert.equal(found.filter(({ emoji }) => emoji.startsWith("emoji")).length, 256);
  },
};

/** A post that no store takes: its id is half of a pair of code units. */
export const poisonRow: Scenario = {
  name: "goes on behind a post that the store cannot take",
  without: "refusals-of-the-store-retried",
  promise: "G8",
  run: async () => {
    const row = new Row();
    const owner = row.owner(5);
    await owner.found();
    const poison = owner.post("poison", {}, "\ud800");
    await owner.settle();
    owner.clock.advance(1000);
    const number = owner.post("after it");
    await owner.settle();
    assert.equal(owner.answer(number), 4);
    assert.equal(owner.answer(poison), "unavailable");
  },
};
