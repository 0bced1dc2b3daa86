import assert from "node:assert/strict";
import { channelOf } from "./round.js";

describe("channelOf", () => {
  const used = (calls: number, lanes: number, channels: number) =>
    Array.from({ length: calls }, (_, call) => channelOf(call, lanes, channels));

  it("uses every channel", () => {
    for (const [lanes, channels] of [
      [1, 1],
      [1, 7],
      [3, 7],
      [7, 7],
    ] as const) {
      assert.equal(new Set(used(lanes * channels, lanes, channels)).size, channels);
    }
  });

  it("never lets two lanes have the same channel", () => {
    const [lanes, channels] = [4, 10];
    const laneOf = new Map<number, number>();
    used(200, lanes, channels).forEach((channel, call) => {
      assert.equal(laneOf.get(channel) ?? call % lanes, call % lanes);
      laneOf.set(channel, call % lanes);
    });
  });
});
