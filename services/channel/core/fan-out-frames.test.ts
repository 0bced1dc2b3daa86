import assert from "node:assert/strict";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { pageBytesMax } from "../../../lib/limits/limits.js";
import { FanOut } from "./fan-out.js";

const link = 1;

describe("what a gateway gets in one turn", () => {
  /** For each frame the `seq`s of its items, each of an event of so many bytes. */
  function framesOf(sizes: readonly number[]): number[][] {
    const fanOut = new FanOut(() => {});
    fanOut.opened(link);
    for (const [seq, size] of sizes.entries()) {
      const events = [{ seq, id: seq, frame: new Uint8Array(size), membership: false, deletes: 0 }];
      const fetch = { afterSeq: seq, toSeq: seq };
      const value = { channelId: "C1" as ChannelId, events, fetch, fromStore: true };
      fanOut.send(link, { $case: "fetched", value });
    }
    const frames = fanOut.takeFrames();
    assert.ok(frames.every((frame) => frame.link === link));
    return frames.map(({ items }) =>
      items.map(({ item }) => (item?.$case === "fetched" ? item.value.events[0]!.seq : -1)),
    );
  }

  it("is one frame, and none when there is nothing", () => {
    assert.deepEqual(framesOf([10, 20, 30]), [[0, 1, 2]]);
    assert.deepEqual(framesOf([pageBytesMax]), [[0]]);
    assert.deepEqual(framesOf([]), []);
  });

  it("is several frames, in order, when one would be too large", () => {
    const half = pageBytesMax / 2;
    assert.deepEqual(framesOf([half, half, half, half, 1]), [[0, 1], [2, 3], [4]]);
    assert.deepEqual(framesOf([half, half, half, half]), [
      [0, 1],
      [2, 3],
    ]);
    assert.deepEqual(framesOf([pageBytesMax + 1, 1, 1]), [[0], [1, 2]]);
  });
});
