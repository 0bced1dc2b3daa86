import assert from "node:assert/strict";
import type { Message } from "../../../gen/confab/v1/types.js";
import { pageBytesMax, textBytesMax } from "../../../lib/limits/limits.js";
import { ada, MessageStage } from "./message-stage.js";

const posts = 100;
const text = "x".repeat(200 * 1024);
/** What one event may bring above the limit. */
const largestMax = pageBytesMax + textBytesMax + 1024;

describe("pages of large messages", () => {
  let stage: MessageStage;
  /** Most bytes of events that the store gave by one answer. */
  let largest = 0;
  let firstSeq = 0;
  let parentId = 0;

  before(async () => {
    stage = new MessageStage();
    await stage.begin();
    const { store } = stage;
    const readRows = store.readRows.bind(store);
    store.readRows = async (range) => {
      const rows = await readRows(range);
      largest = Math.max(
        largest,
        rows.reduce((sum, { event }) => sum + event.byteLength, 0),
      );
      return rows;
    };
    ({ id: parentId, seq: firstSeq } = await stage.post(ada, "parent"));
    for (let i = 0; i < posts; i++) await stage.post(ada, text, parentId, true);
    await stage.projected();
  });
  beforeEach(() => {
    largest = 0;
  });
  afterEach(() => assert.ok(largest > 0 && largest <= largestMax, `the store gave ${largest} bytes at once`));

  const bytesOf = (all: readonly unknown[]) => JSON.stringify(all).length;
  const seqsFrom = (from: number) => Array.from({ length: posts + 1 }, (_, i) => from + i);

  it("end by their bytes, and the next goes on behind them", async () => {
    const seqs: number[] = [];
    for (let next = firstSeq; next <= firstSeq + posts; ) {
      const events = await stage.events(next, 1000);
      assert.ok(events.length > 0 && bytesOf(events) <= largestMax, `${events.length} events`);
      seqs.push(...events.map(({ seq }) => seq));
      next = seqs.at(-1)! + 1;
    }
    assert.deepEqual(seqs, seqsFrom(firstSeq));
  });

  it("of history come newest first, all of them", async () => {
    const seqs: number[] = [];
    let beforeSeq = 0;
    do {
      const answer = await stage.ask(ada, {
        $case: "history",
        value: { channelId: "", beforeSeq, limit: 1000 },
      });
      assert.ok(answer.$case === "history", JSON.stringify(answer));
      const { messages, nextBeforeSeq } = answer.value;
      assert.ok(bytesOf(messages) <= largestMax);
      seqs.push(...messages.map(({ seq }) => seq));
      beforeSeq = nextBeforeSeq;
    } while (beforeSeq > 0);
    assert.deepEqual(seqs.reverse(), seqsFrom(firstSeq));
  });

  it("of a thread say that there is more, be some of it not projected yet", async () => {
    stage.holdProjections();
    await stage.post(ada, "last", parentId);
    const replies: Message[] = [];
    for (let hasMore = true; hasMore; ) {
      const afterId = replies.at(-1)?.id ?? 0;
      const answer = await stage.ask(ada, {
        $case: "thread",
        value: { channelId: "", parentId, afterId, limit: 1000 },
      });
      assert.ok(answer.$case === "thread", JSON.stringify(answer));
      assert.ok(bytesOf(answer.value.replies) <= largestMax);
      replies.push(...answer.value.replies);
      ({ hasMore } = answer.value);
    }
    stage.releaseProjections();
    assert.deepEqual(
      replies.map(({ seq }) => seq),
      [...seqsFrom(firstSeq).slice(1), firstSeq + posts + 1],
    );
  });

  it("do not keep the next owner from finding the channel, read in parts as well", async () => {
    stage.takeOver();
    const [event] = await stage.events(firstSeq + posts + 1, 10);
    assert.equal(event?.seq, firstSeq + posts + 1);
  });

  it("of history hold what fits of large edits", async () => {
    const posted = [];
    for (let i = 0; i < posts; i++) posted.push(await stage.post(ada, "short"));
    for (const { id } of posted) await stage.give(ada, { $case: "edit", value: { messageId: id, text } });
    await stage.projected();
    const { store } = stage;
    const readAnnotations = store.readAnnotations.bind(store);
    let read = 0;
    store.readAnnotations = async (range) => {
      const rows = await readAnnotations(range);
      read += rows.reduce((sum, { value }) => sum + value.length, 0);
      return rows;
    };
    const messages: Message[] = [];
    for (let beforeSeq = posted.at(-1)!.seq + 1; messages.length < posts; ) {
      read = 0;
      const value = { channelId: "", beforeSeq, limit: posts };
      const answer = await stage.ask(ada, { $case: "history", value });
      assert.ok(answer.$case === "history" && answer.value.messages.length > 0, JSON.stringify(answer));
      assert.ok(read <= 64 * textBytesMax && read < posts * text.length, `${read} bytes were read`);
      messages.push(...answer.value.messages);
      beforeSeq = answer.value.nextBeforeSeq;
    }
    assert.deepEqual(
      messages.slice(0, posts).map(({ seq, text: shown }) => [seq, shown.length]),
      posted.map(({ seq }) => [seq, text.length]).reverse(),
    );
  });
});
