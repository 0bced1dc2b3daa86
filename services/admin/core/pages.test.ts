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
});
