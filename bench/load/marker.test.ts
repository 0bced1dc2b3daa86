import assert from "node:assert/strict";
import { findMarker, markerBytes, markerChannel, markerNumber, markerText, markerTimeUs } from "./marker.js";

describe("a marker", () => {
  const marker = { channel: 19_999, number: 123_456, timeUs: 9_876_543_210_123 };
  const text = markerText(marker);

  it("has one length and comes out as it went in", () => {
    assert.equal(text.length, markerBytes);
    const bytes = Buffer.from(`{"text":"${text} and more"}`);
    const at = findMarker(bytes, 0, bytes.length);
    const read = { channel: markerChannel(bytes, at), number: markerNumber(bytes, at) };
    assert.deepEqual({ ...read, timeUs: markerTimeUs(bytes, at) }, marker);
  });

  it("is not found beyond the end or when it is cut off", () => {
    const bytes = Buffer.from(`--${text}`);
    assert.equal(findMarker(bytes, 0, bytes.length), 2);
    assert.equal(findMarker(bytes, 0, bytes.length - 1), -1);
    assert.equal(findMarker(bytes, 3, bytes.length), -1);
  });
});
