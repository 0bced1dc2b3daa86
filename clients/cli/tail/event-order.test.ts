import assert from "node:assert/strict";
import { GapReason } from "../../../gen/confab/v1/realtime.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import { ManualClock } from "../../../lib/clock/manual-clock.js";
import type { Connection } from "../server/connection.js";
import { EventOrder } from "./event-order.js";
import { Positions } from "./positions.js";

const channelId = "C1";
const event = (seq: number): Event => ({ seq, id: seq * 10, author: "U1", kind: undefined });

/** An order that begins behind event 2 of a channel, of which the store has so many events. */
function setUp(stored: number) {
  const shown: number[] = [];
  const said: string[] = [];
  const asked: number[] = [];
  const messaging = {
    listEvents: async ({ afterSeq }: { afterSeq: number }) => {
      asked.push(afterSeq);
      const count = Math.min(3, stored - afterSeq);
      return { events: Array.from({ length: count }, (_, i) => event(afterSeq + 1 + i)), newest: undefined };
    },
  };
  const call = (work: (api: { messaging: typeof messaging }) => Promise<unknown>) => work({ messaging });
  const stop = new AbortController();
  const order = new EventOrder({
    clock: new ManualClock(),
    random: () => 0,
    stop: stop.signal,
    connection: { call } as unknown as Connection,
    positions: new Positions([channelId], { seq: 2, id: 20 }),
    show: async (_, { seq }) => void shown.push(seq),
    say: (words) => said.push(words),
    titleOf: () => "#general",
  });
  return { order, shown, said, asked, stop };
}

describe("EventOrder", () => {
  it("shows each event once", async () => {
    const { order, shown, asked } = setUp(0);
    for (const seq of [1, 2, 3, 3, 4, 3]) await order.received(channelId, event(seq));
    assert.deepEqual([shown, asked], [[3, 4], []]);
  });

  it("fetches what is missing before an event", async () => {
    const { order, shown, asked } = setUp(9);
    await order.received(channelId, event(8));
    assert.deepEqual(
      [shown, asked],
      [
        [3, 4, 5, 6, 7, 8],
        [2, 5],
      ],
    );
  });

  it("fills a gap, page by page, and goes on behind it", async () => {
    const { order, shown } = setUp(7);
    const reason = GapReason.GAP_REASON_TOO_FAR_BEHIND;
    await order.gap({ channelId, fromSeq: 3, toSeq: 6, reason });
    assert.deepEqual(shown, [3, 4, 5, 6, 7]);
    await order.received(channelId, event(7));
    await order.received(channelId, event(8));
    assert.deepEqual(shown, [3, 4, 5, 6, 7, 8]);
  });

  it("passes over what is gone or not to be read, and says so", async () => {
    const { order, shown, said, asked } = setUp(9);
    await order.gap({ channelId, fromSeq: 3, toSeq: 6, reason: GapReason.GAP_REASON_EXPIRED });
    await order.received(channelId, event(7));
    assert.deepEqual([shown, asked, said], [[7], [], ["confab: events 3 to 6 of #general are gone"]]);
  });

  it("does not wait for ever for events that the store does not have", async () => {
    await assert.rejects(setUp(4).order.received(channelId, event(8)), { code: "unavailable" });
  });

  it("shows nothing once it is stopped", async () => {
    const { order, shown, stop } = setUp(9);
    stop.abort();
    await order.received(channelId, event(3));
    assert.deepEqual(shown, []);
  });
});
