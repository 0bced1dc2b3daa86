import assert from "node:assert/strict";
import type { Event } from "../../../gen/confab/v1/types.js";
import { toEvents, toMessages } from "./pages.js";

const author = "U000000000001";

function posted(seq: number, values: { text?: string; parentId?: number; broadcast?: boolean } = {}): Event {
  const value = { text: "hello", clientMsgId: String(seq), parentId: 0, broadcast: false, ...values };
  return { seq, id: seq * 10, author, kind: { $case: "messagePosted", value } };
}

function joined(seq: number): Event {
  return { seq, id: seq * 10, author, kind: { $case: "membersJoined", value: { userIds: [author] } } };
}

const newest = { seq: 9, id: 90 };

describe("pages", () => {
  it("of events hold all that was read", () => {
    const events = [joined(2), posted(3)];
    assert.deepEqual(toEvents({ events, newest }, 1), { events, newest });
    assert.deepEqual(toEvents({ events: [], newest }, 9), { events: [], newest });
  });

  it("behind the newest event are refused", () => {
    const refused = { code: "invalid_position", field: "after_seq" };
    assert.throws(() => toEvents({ events: [], newest }, 10), refused);
    assert.throws(() => toEvents({ events: [], newest: undefined }, 1), refused);
  });

  it("of messages hold what was posted outside threads or broadcast", () => {
    const events = [
      posted(9, { parentId: 50 }),
      posted(8, { parentId: 50, broadcast: true }),
      joined(7),
      posted(6),
    ];
    const { messages, nextBeforeSeq } = toMessages({ events, newest });
    assert.deepEqual(
      messages.map(({ seq, id, parentId }) => [seq, id, parentId]),
      [
        [8, 80, 50],
        [6, 60, 0],
      ],
    );
    assert.equal(nextBeforeSeq, 6);
  });

  it("of messages end at the beginning of the conversation", () => {
    assert.equal(toMessages({ events: [posted(2), joined(1)], newest }).nextBeforeSeq, 0);
    assert.equal(toMessages({ events: [], newest }).nextBeforeSeq, 0);
  });

  it("show a message whose text was erased as deleted", () => {
    const { messages } = toMessages({ events: [posted(2, { text: "" }), posted(1)], newest });
    assert.deepEqual(
      messages.map(({ deleted }) => deleted),
      [true, false],
    );
  });

  it("end before they get too large, and go on behind that", () => {
    const text = "x".repeat(40_000);
    const events = Array.from({ length: 100 }, (_, i) => posted(100 - i, { text }));
    const { messages, nextBeforeSeq } = toMessages({ events, newest });
    assert.ok(messages.length > 40 && messages.length < 60, String(messages.length));
    assert.equal(nextBeforeSeq, messages.at(-1)?.seq);
    assert.equal(toEvents({ events, newest: { seq: 100, id: 1000 } }, 0).events.length, messages.length);
  });

  it("hold at least one event, however large", () => {
    const events = [posted(2, { text: "x".repeat(3_000_000) }), posted(1)];
    assert.equal(toMessages({ events, newest }).messages.length, 1);
  });
});
