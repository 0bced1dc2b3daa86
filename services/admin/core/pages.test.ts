import assert from "node:assert/strict";
import type { Event } from "../../../gen/confab/v1/types.js";
import { toEvents } from "./pages.js";

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

  it("end before they get too large", () => {
    const text = "x".repeat(40_000);
    const events = Array.from({ length: 100 }, (_, i) => posted(100 - i, { text }));
    const { length } = toEvents({ events, newest: { seq: 100, id: 1000 } }, 0).events;
    assert.ok(length > 40 && length < 60, String(length));
  });

  it("hold at least one event, however large", () => {
    const events = [posted(2, { text: "x".repeat(3_000_000) }), posted(1)];
    assert.equal(toEvents({ events, newest }, 0).events.length, 1);
  });
});
