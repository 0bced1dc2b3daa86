import assert from "node:assert/strict";
import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { Event } from "../../../gen/confab/v1/types.js";
import { eventFrame } from "../../../lib/frames/event-frame.js";
import { FeedRing } from "./feed-ring.js";
import { channel } from "./gateway-stage.js";

function ringOf(count: number, bytes = 10): FeedRing {
  const ring = new FeedRing();
  for (let seq = 1; seq <= count; seq++) {
    ring.add({ seq, id: seq, frame: new Uint8Array(bytes), membership: false, deletes: 0 });
  }
  return ring;
}

const above = (ring: FeedRing, seq: number) => ring.above(seq)?.map((event) => event.seq);

describe("the ring of a channel's recent events", () => {
  it("gives what is above an event, and nothing where it does not reach", () => {
    assert.deepEqual(above(ringOf(5), 3), [4, 5]);
    assert.deepEqual(above(ringOf(5), 0), [1, 2, 3, 4, 5]);
    assert.deepEqual(above(ringOf(5), 5), []);
    assert.equal(above(new FeedRing(), 0), undefined);
  });

  it("keeps 256 events, however many there were", () => {
    for (const count of [257, 512, 513, 900]) {
      const ring = ringOf(count);
      assert.equal(above(ring, count - 257), undefined, `${count}`);
      assert.equal(above(ring, count - 256)?.length, 256, `${count}`);
      assert.equal(above(ring, count - 1)?.[0], count);
    }
  });

  it("has no text of a message any more that was erased, nor of its edits", () => {
    const ring = new FeedRing();
    const kinds: Event["kind"][] = [
      { $case: "messagePosted", value: { text: "one", parentId: 0, broadcast: false, clientMsgId: "" } },
      { $case: "messagePosted", value: { text: "two", parentId: 0, broadcast: false, clientMsgId: "" } },
      { $case: "messageEdited", value: { messageId: 1, text: "three" } },
      { $case: "messageDeleted", value: { messageId: 1 } },
    ];
    for (const [at, kind] of kinds.entries()) {
      const event = Event.encode({ seq: at + 1, id: at + 1, author: "U", kind }).finish();
      const frame = eventFrame(channel, event);
      ring.add({ seq: at + 1, id: at + 1, frame, membership: false, deletes: 0 });
    }
    ring.erase(channel, 1);
    const events = ring.above(0)!.map(({ frame }) => ServerFrame.decode(frame).events[0]);
    assert.deepEqual(
      events.map((one) => one?.event?.seq),
      [1, 2, 3, 4],
    );
    assert.ok(events.every((one) => one?.channelId === channel));
    const texts = events.map((one) => {
      const kind = one?.event?.kind;
      return kind?.$case === "messagePosted" || kind?.$case === "messageEdited"
        ? kind.value.text
        : kind?.$case;
    });
    assert.deepEqual(texts, ["", "two", "", "messageDeleted"]);
  });

  it("has room again for what was erased", () => {
    const [ring, text] = [new FeedRing(), "x".repeat(100 * 1024)];
    const add = (seq: number) => {
      const value = { text, parentId: 0, broadcast: false, clientMsgId: "" };
      const event = Event.encode({ seq, id: seq, author: "U", kind: { $case: "messagePosted", value } });
      ring.add({ seq, id: seq, frame: eventFrame(channel, event.finish()), membership: false, deletes: 0 });
    };
    for (const seq of [1, 2]) add(seq);
    ring.erase(channel, 1);
    add(3);
    assert.deepEqual(above(ring, 0), [1, 2, 3]);
    add(4);
    assert.deepEqual(above(ring, 2), [3, 4]);
  });

  it("keeps 256 KiB, and not even one event that is larger", () => {
    const ring = ringOf(9, 64 * 1024);
    assert.equal(above(ring, 4), undefined);
    assert.deepEqual(above(ring, 5), [6, 7, 8, 9]);
    const large = ringOf(1, 256 * 1024 + 1);
    assert.equal(above(large, 0), undefined);
    large.add({ seq: 2, id: 2, frame: new Uint8Array(1), membership: false, deletes: 0 });
    assert.deepEqual(above(large, 1), [2]);
  });
});
