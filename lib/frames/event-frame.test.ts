import assert from "node:assert/strict";
import { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { Event } from "../../gen/confab/v1/types.js";
import { eventFrame } from "./event-frame.js";

const channelId = "C0123456789AB";

function eventOf(text: string): Event {
  const kind = {
    $case: "messagePosted",
    value: { text, parentId: 0, broadcast: false, clientMsgId: "" },
  } as const;
  return Event.fromPartial({ seq: 7, id: 1_700_000_000_000_100, author: "U0123456789AB", kind });
}

describe("eventFrame", () => {
  it("is what encoding the whole frame gives, whatever the length", () => {
    for (const length of [0, 60, 70, 90, 110, 127, 128, 16_383, 16_384, 200_000]) {
      const event = eventOf("é".repeat(length / 2));
      const whole = ServerFrame.encode({ events: [{ channelId, event }], frame: undefined }).finish();
      assert.deepEqual(Buffer.from(eventFrame(channelId, Event.encode(event).finish())), Buffer.from(whole));
    }
  });
});
