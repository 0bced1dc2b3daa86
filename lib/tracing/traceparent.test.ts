import assert from "node:assert/strict";
import { formatTraceparent, makeTraceId, parseTraceparent } from "./traceparent.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

describe("traceparent", () => {
  it("is read as the specification's own examples have it", () => {
    assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-01`), { traceId, spanId, isSampled: true });
    assert.deepEqual(parseTraceparent(`00-${traceId}-${spanId}-00`), { traceId, spanId, isSampled: false });
  });

  it("is read by its first bit, whatever the others of the flags mean one day", () => {
    assert.equal(parseTraceparent(`00-${traceId}-${spanId}-03`)?.isSampled, true);
    assert.equal(parseTraceparent(`00-${traceId}-${spanId}-fe`)?.isSampled, false);
  });

  it("is read as far as it is known where its version is a later one", () => {
    assert.equal(parseTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-will-be`)?.traceId, traceId);
    assert.equal(parseTraceparent(`cc-${traceId}-${spanId}-01`)?.traceId, traceId);
  });

  it("is none where anything about it is wrong", () => {
    const wrong = [
      ["", "x", `00-${traceId}-${spanId}`, `00-${traceId}-${spanId}-01-more`, `ff-${traceId}-${spanId}-01`],
      [
        `00-${traceId.toUpperCase()}-${spanId}-01`,
        `00-${traceId}-${spanId}-1`,
        `00-${traceId}-${spanId}-01.`,
      ],
      [
        `00-${"0".repeat(32)}-${spanId}-01`,
        `00-${traceId}-${"0".repeat(16)}-01`,
        ` 00-${traceId}-${spanId}-01`,
      ],
    ].flat();
    for (const text of wrong) assert.equal(parseTraceparent(text), undefined, text);
  });

  it("is written so that it is read as the same", () => {
    for (const isSampled of [true, false]) {
      const parts = { traceId, spanId, isSampled };
      assert.deepEqual(parseTraceparent(formatTraceparent(parts)), parts);
    }
  });

  it("has new ids that are valid whatever chance gives", () => {
    for (const random of [() => 0, () => 1 - Number.EPSILON, Math.random]) {
      const parts = { traceId: makeTraceId(32, random), spanId: makeTraceId(16, random), isSampled: true };
      assert.deepEqual(parseTraceparent(formatTraceparent(parts)), parts);
    }
  });
});
