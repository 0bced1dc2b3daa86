import assert from "node:assert/strict";
import type { Event, Message } from "../../../gen/confab/v1/types.js";
import { historyPage, threadPage } from "./message-pages.js";
import { Overlay } from "./overlay.js";

const author = "U000000000001";
const newest = { seq: 9, id: 90 };
const overlay = new Overlay([]);

function posted(seq: number, values: { text?: string; parentId?: number; broadcast?: boolean } = {}): Event {
  const value = { text: "hello", clientMsgId: String(seq), parentId: 0, broadcast: false, ...values };
  return { seq, id: seq * 10, author, kind: { $case: "messagePosted", value } };
}

function joined(seq: number): Event {
  return { seq, id: seq * 10, author, kind: { $case: "membersJoined", value: { userIds: [author] } } };
}

describe("pages of messages", () => {
  const page = (events: Event[]) => historyPage(events, [], overlay, newest);

  it("hold what was posted outside threads or broadcast, newest first", () => {
    const events = [
      posted(6),
      joined(7),
      posted(8, { parentId: 50, broadcast: true }),
      posted(9, { parentId: 50 }),
    ];
    const { messages, nextBeforeSeq } = page(events);
    assert.deepEqual(
      messages.map(({ seq, id, parentId }) => [seq, id, parentId]),
      [
        [8, 80, 50],
        [6, 60, 0],
      ],
    );
    assert.equal(nextBeforeSeq, 6);
  });

  it("end at the beginning of the conversation", () => {
    assert.equal(page([joined(1), posted(2)]).nextBeforeSeq, 0);
    assert.equal(page([]).nextBeforeSeq, 0);
  });

  it("show a message whose text was erased as deleted", () => {
    const { messages } = page([posted(1), posted(2, { text: "" })]);
    assert.deepEqual(
      messages.map(({ deleted }) => deleted),
      [true, false],
    );
  });

  it("end before they get too large, and go on behind that without a gap", () => {
    const text = "x".repeat(40_000);
    const events = Array.from({ length: 100 }, (_, i) => posted(i + 1, { text }));
    const { messages, nextBeforeSeq } = page(events);
    assert.ok(messages.length > 40 && messages.length < 60, String(messages.length));
    assert.equal(nextBeforeSeq, messages.at(-1)?.seq);
  });

  it("hold at least one message, however large", () => {
    assert.equal(page([posted(1), posted(2, { text: "x".repeat(3_000_000) })]).messages.length, 1);
  });

  it("of threads end at the limit, and before they get too large", () => {
    const found = (text: string, count: number) =>
      Array.from({ length: count }, (_, i) => ({ event: posted(i + 1, { text }), cells: [] }));
    const parent = {} as Message;
    const small = threadPage(parent, { replies: found("x", 4), isCut: false }, overlay, 3);
    assert.deepEqual([small.replies.length, small.hasMore], [3, true]);
    const whole = threadPage(parent, { replies: found("x", 3), isCut: false }, overlay, 3);
    assert.deepEqual([whole.replies.length, whole.hasMore], [3, false]);
    const large = threadPage(parent, { replies: found("x".repeat(40_000), 100), isCut: false }, overlay, 100);
    assert.ok(large.hasMore && large.replies.length < 60, String(large.replies.length));
  });
});
